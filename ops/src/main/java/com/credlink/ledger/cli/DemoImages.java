package com.credlink.ledger.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The sample images of the development shops, ours, in the jar as {@code demo/<shop
 * domain>/<file>}.
 */
final class DemoImages {

  static final String SNOWDEVIL = "snowdevil.myshopify.com";
  static final String ACME = "acme-prints.myshopify.com";

  /** One image in the jar. */
  record Image(String folder, String file) {

    byte[] bytes() throws IOException {
      try (var stream = DemoImages.class.getResourceAsStream("/demo/" + folder + "/" + file)) {
        if (stream == null) {
          throw new IOException("demo/" + folder + "/" + file + " is missing from the jar");
        }
        return stream.readAllBytes();
      }
    }

    String mediaType() {
      return file.endsWith(".png") ? "image/png" : "image/jpeg";
    }
  }

  static final Image FRONT = new Image(SNOWDEVIL, "snowboard-front.jpg");
  static final Image BINDINGS = new Image(SNOWDEVIL, "snowboard-bindings.png");
  static final Image SUNRISE = new Image(SNOWDEVIL, "snowboard-sunrise.jpg");
  static final Image MUG = new Image(ACME, "mug-white.jpg");
  static final Image POSTER = new Image(ACME, "poster-circles.png");

  /** Sent with a request instead of being fetched. */
  static final Image DIRECT_JPEG = new Image("direct", "mug-gift.jpg");

  static final Image DIRECT_PNG = new Image("direct", "poster-sample.png");

  private static final List<Image> FETCHED = List.of(FRONT, BINDINGS, SUNRISE, MUG, POSTER);

  private DemoImages() {}

  /**
   * Puts the images that webhooks name into {@code directory}, as {@code assets.directory} wants
   * them; keeps what is there.
   */
  static void unpack(Path directory) throws IOException {
    for (var image : FETCHED) {
      var shop = Files.createDirectories(directory.resolve(image.folder()));
      try {
        Files.write(shop.resolve(image.file()), image.bytes(), StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        // Unpacked by an earlier start.
      }
    }
  }
}
