package com.credlink.ledger.tlog.witness;

import com.credlink.ledger.merkle.Hash;
import com.credlink.ledger.note.NoteException;
import com.credlink.ledger.note.NoteSignature;
import com.credlink.ledger.note.SignedNote;
import com.credlink.ledger.note.VerifierKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Asks a witness over HTTP to cosign. Nothing that it answers is believed without its signature.
 */
public final class WitnessClient implements AutoCloseable {

  /** How long a witness may take to answer. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MAX_ANSWER = 1 << 18;
  private static final int SHOWN = 200;
  private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,17})\n?");

  private final URI endpoint;
  private final List<VerifierKey> keys;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  /**
   * A client of the witness below a URL.
   *
   * @param url the submission prefix
   * @param keys cosignatures of any others are ignored
   */
  public WitnessClient(URI url, List<VerifierKey> keys) {
    this.endpoint = URI.create(url.toString().replaceAll("/+$", "") + "/add-checkpoint");
    this.keys = List.copyOf(keys);
  }

  /** What became of a request. */
  public sealed interface Reply {
    /** These lines are the witness' cosignatures of that checkpoint. */
    record Cosigned(List<NoteSignature> lines) implements Reply {
      public Cosigned {
        lines = List.copyOf(lines);
      }
    }

    /** It has cosigned a tree of this size last, and not of the size that was claimed. */
    record AnotherSize(long size) implements Reply {}

    /** It will not, or what it answered is of no use. */
    record Refused(String why) implements Reply {}

    /** It could not be asked. */
    record Away(String why) implements Reply {}
  }

  /** Asks for a cosignature; waits for {@link #PATIENCE} at most. */
  public Reply submit(long oldSize, List<Hash> path, SignedNote note) {
    byte[] body = new AddCheckpoint(oldSize, path, note).toByteArray();
    try {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(endpoint)
                  .timeout(PATIENCE)
                  .header("Content-Type", "text/plain; charset=utf-8")
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
      return reply(answer.statusCode(), text(answer), note);
    } catch (IOException e) {
      return new Reply.Away("nothing answers at %s (%s)".formatted(endpoint, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply.Away("interrupted");
    }
  }

  private Reply reply(int status, String body, SignedNote note) {
    if (status == 200) {
      return cosigned(body, note);
    }
    if (status == 409 && SIZE.matcher(body).matches()) {
      return new Reply.AnotherSize(Long.parseLong(body.strip()));
    }
    String shown = body.substring(0, Math.min(body.length(), SHOWN)).replaceAll("\\s+", " ");
    String why = "%s answered %d: %s".formatted(endpoint, status, shown);
    return status >= 500 || status == 429 ? new Reply.Away(why) : new Reply.Refused(why);
  }

  private Reply cosigned(String lines, SignedNote note) {
    try {
      SignedNote answered =
          SignedNote.parse((note.text() + "\n" + lines).getBytes(StandardCharsets.UTF_8));
      return new Reply.Cosigned(answered.linesOf(keys));
    } catch (NoteException e) {
      return new Reply.Refused(
          "%s answered what is no cosignature of its keys: %s".formatted(endpoint, e.getMessage()));
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
