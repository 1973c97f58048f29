package dev.weft.lab.container;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Who listens to what a container says. Nobody holds the container up: a listener that falls behind
 * by more than {@link #MAX_CHUNKS} pieces hears no more. Thread-safe.
 */
final class Attachments {
  /** Of at most 8 KiB each. */
  private static final int MAX_CHUNKS = 1024;

  private static final byte[] END = new byte[0];

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Hears from now on. */
  Listener listen() {
    Listener listener = new Listener();
    listeners.add(listener);
    return listener;
  }

  /** Lets one of other streams hear this one too, without an end; what it is itself is empty. */
  InputStream into(Listener other) {
    listeners.add(other);
    return InputStream.nullInputStream();
  }

  /** No more comes for those that listen now. */
  void end() {
    listeners.forEach(Listener::end);
  }

  /** The same stream; whoever listens gets what is read of it. */
  InputStream tee(InputStream in) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        int next = in.read();
        if (next >= 0) {
          tell(new byte[] {(byte) next}, 0, 1);
        }
        return next;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int count = in.read(bytes, from, length);
        if (count > 0) {
          tell(bytes, from, count);
        }
        return count;
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  private void tell(byte[] bytes, int from, int count) {
    for (Listener each : listeners) {
      each.tell(Arrays.copyOfRange(bytes, from, from + count));
    }
  }

  /** One that listens; its reader closes it. */
  final class Listener extends InputStream {
    private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>(MAX_CHUNKS);
    private byte[] current = END;
    private int at;
    private boolean ended;

    private void tell(byte[] chunk) {
      if (!chunks.offer(chunk)) {
        close();
      }
    }

    private void end() {
      if (!chunks.offer(END)) {
        close();
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] bytes, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      try {
        while (!ended && at == current.length) {
          current = chunks.take();
          at = 0;
          ended = current.length == 0;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      if (ended) {
        return -1;
      }
      int count = Math.min(length, current.length - at);
      System.arraycopy(current, at, bytes, from, count);
      at += count;
      return count;
    }

    /** Whoever waits in {@code read} hears of the end. */
    @Override
    public void close() {
      listeners.remove(this);
      chunks.clear();
      var unused = chunks.offer(END);
    }
  }
}
