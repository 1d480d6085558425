package com.credlink.ledger.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All images of a directory, several at once; those that are there already are passed over. */
final class SigningRun {

  /** Enough to keep the workers of the bulk lane busy, few enough for memory. */
  private static final int AT_ONCE = 8;

  private static final Duration EVERY = Duration.ofSeconds(3);

  private final SigningClient signing;
  private final Console console;
  private final Path from;
  private final Path to;

  SigningRun(SigningClient signing, Console console, Path from, Path to) {
    this.signing = signing;
    this.console = console;
    this.from = from;
    this.to = to;
  }

  /** Signs them; the exit code. */
  int run(List<Path> images) throws CommandException {
    Instant began = console.clock().instant();
    Instant next = began.plus(EVERY);
    int refused = 0;
    int before = 0;
    int done = 0;
    List<Future<SigningClient.Result>> results = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
      images.forEach(image -> results.add(workers.submit(() -> sign(image))));
      for (int i = 0; i < images.size(); i++) {
        switch (result(results, i)) {
          case SigningClient.Result.Signed _ -> {}
          case SigningClient.Result.AlreadySigned _ -> before++;
          case SigningClient.Result.Refused(String why) -> {
            console.err().println("ledger: " + images.get(i) + ": " + why);
            refused++;
          }
        }
        done++;
        Instant now = console.clock().instant();
        if (now.isAfter(next)) {
          next = now.plus(EVERY);
          say(done, images.size(), Duration.between(began, now));
        }
      }
    }
    console
        .out()
        .println(
            "signed %,d of %,d images into %s%s"
                .formatted(
                    done - refused - before,
                    images.size(),
                    to,
                    before == 0 ? "" : "; %,d were signed before".formatted(before)));
    return refused == 0 ? ExitCode.DONE : ExitCode.NO;
  }

  private SigningClient.Result sign(Path image) throws CommandException {
    Path target = to.resolve(from.relativize(image).toString());
    return Files.exists(target)
        ? new SigningClient.Result.AlreadySigned()
        : signing.sign(image, target);
  }

  /** What became of one; a failure of the node ends the run. */
  private static SigningClient.Result result(List<Future<SigningClient.Result>> results, int index)
      throws CommandException {
    try {
      return results.get(index).get();
    } catch (ExecutionException e) {
      results.forEach(each -> each.cancel(true));
      if (e.getCause() instanceof CommandException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      results.forEach(each -> each.cancel(true));
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  private void say(int done, int all, Duration since) {
    double perSecond = done * 1_000.0 / Math.max(1, since.toMillis());
    console
        .err()
        .println(
            "sign: %,d of %,d images, %.1f/s, %,d s left"
                .formatted(done, all, perSecond, Math.round((all - done) / perSecond)));
  }
}
