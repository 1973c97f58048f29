package dev.weft.discovery;

import dev.weft.loop.Clock;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of a server that may freeze: it then neither sends nor closes, and reading would block
 * for ever. Only silence is limited, however long the whole takes, and only while somebody waits
 * for bytes: who takes long over what has come does not make the server silent. Read by one thread,
 * closed by any.
 */
final class LimitedStream extends FilterInputStream {
  private static final Logger log = LoggerFactory.getLogger(LimitedStream.class);

  private final Clock clock;
  private final Duration limit;
  // What clock.nanos() said when the reader began to wait; meaningful only while it does.
  private volatile long since;
  private volatile boolean waiting;
  private volatile boolean silent;
  private volatile boolean closed;
  private volatile Runnable off;

  /**
   * @param limit how long nothing may come
   */
  LimitedStream(InputStream in, Clock clock, Duration limit) {
    super(in);
    this.clock = clock;
    this.limit = limit;
    this.off = clock.after(limit, this::look);
  }

  private void look() {
    if (closed) {
      return;
    }
    Duration silence = waiting ? Duration.ofNanos(clock.nanos() - since) : Duration.ZERO;
    if (silence.compareTo(limit) < 0) {
      off = clock.after(limit.minus(silence), this::look);
      return;
    }
    silent = true;
    try {
      in.close();
    } catch (IOException e) {
      log.debug("while ending an answer that does not go on: {}", e.getMessage());
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * {@inheritDoc}
   *
   * @throws InterruptedIOException where nothing has come for too long
   * @throws IOException where the connection is lost
   */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    since = clock.nanos();
    waiting = true;
    int read;
    try {
      read = in.read(bytes, offset, length);
    } catch (IOException e) {
      throw silent ? silence() : new IOException("the answer broke off: " + KubeApi.reason(e), e);
    } finally {
      waiting = false;
    }
    // The end that was made here is not the end of the answer.
    if (silent) {
      throw silence();
    }
    return read;
  }

  private InterruptedIOException silence() {
    return new InterruptedIOException(
        "nothing has come for " + limit.toSeconds() + " s in the middle of an answer");
  }

  @Override
  public void close() throws IOException {
    closed = true;
    off.run();
    in.close();
  }
}
