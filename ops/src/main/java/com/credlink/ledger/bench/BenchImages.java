package com.credlink.ledger.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;

/** JPEGs of about 100 kB, each another one. */
final class BenchImages {

  private static final int WIDTH = 400;
  private static final int HEIGHT = 300;

  /** Behind SOI and APP0: a comment of eight bytes, which makes the difference. */
  private static final int PLACE = 20;

  private static final int COMMENT = 0xFFFE;

  private final byte[] image;
  private final AtomicLong number = new AtomicLong();

  BenchImages() throws IOException {
    BufferedImage noise = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int x = 0; x < WIDTH; x++) {
      for (int y = 0; y < HEIGHT; y++) {
        noise.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(noise, "jpeg", out)) {
      throw new IOException("this JDK writes no JPEG");
    }
    this.image = out.toByteArray();
  }

  /** The next one. */
  byte[] next() {
    ByteBuffer one = ByteBuffer.allocate(image.length + 12);
    one.put(image, 0, PLACE);
    one.putShort((short) COMMENT).putShort((short) 10).putLong(number.incrementAndGet());
    return one.put(image, PLACE, image.length - PLACE).array();
  }
}
