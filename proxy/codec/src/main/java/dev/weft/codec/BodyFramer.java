package dev.weft.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells where a message body ends, without changing or keeping its bytes. Chunked bodies are
 * checked strictly (RFC 9112, 7.1) because they are forwarded as they came. Confined to the
 * connection that owns it.
 */
public final class BodyFramer {
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_EXTENSION = 1024;
  private static final int MAX_TRAILERS = 8 * 1024;

  private enum State {
    DONE,
    LENGTH,
    UNTIL_CLOSE,
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF
  }

  private State state = State.DONE;
  private long remaining;
  private int seen;
  private int hash;
  private int nameLength;
  private @Nullable ByteBuf content;
  private int trailers;
  private long payload;
  // Only where the content is taken out of its framing.
  private final StringBuilder trailer = new StringBuilder();
  private List<Trailers.Field> kept = List.of();

  /** Starts a body. */
  public void start(MessageHead.Framing framing, long contentLength) {
    payload = 0;
    trailers = 0;
    trailer.setLength(0);
    kept = List.of();
    switch (framing) {
      case NONE -> state = State.DONE;
      case LENGTH -> {
        state = contentLength == 0 ? State.DONE : State.LENGTH;
        remaining = contentLength;
      }
      case CHUNKED -> startChunk();
      case UNTIL_CLOSE -> state = State.UNTIL_CLOSE;
    }
  }

  private void startChunk() {
    state = State.SIZE;
    remaining = 0;
    seen = 0;
  }

  /** Whether the body is complete. */
  public boolean done() {
    return state == State.DONE;
  }

  /** Whether the end of the connection ends the body, too. */
  public boolean untilClose() {
    return state == State.UNTIL_CLOSE;
  }

  /** Bytes of content so far, without chunk framing. */
  public long payload() {
    return payload;
  }

  /**
   * Counts the bytes that belong to this body.
   *
   * @param from absolute index of the first byte
   * @param to index after the last one
   * @return how many of the bytes are the body's; all of them unless it ends here
   * @throws ProtocolException where chunked framing is broken
   */
  public int take(ByteBuf in, int from, int to) {
    return switch (state) {
      case DONE -> 0;
      case UNTIL_CLOSE -> {
        payload += to - from;
        yield to - from;
      }
      case LENGTH -> {
        int taken = (int) Math.min(remaining, to - from);
        remaining -= taken;
        payload += taken;
        if (remaining == 0) {
          state = State.DONE;
        }
        yield taken;
      }
      default -> chunks(in, from, to);
    };
  }

  /**
   * The same, with the content copied to where there is no chunk framing.
   *
   * @param into gets what the body says, and nothing of how it is framed
   */
  public int take(ByteBuf in, int from, int to, ByteBuf into) {
    content = into;
    try {
      int taken = take(in, from, to);
      if (state == State.LENGTH || state == State.UNTIL_CLOSE) {
        into.writeBytes(in, from, taken);
      }
      return taken;
    } finally {
      content = null;
    }
  }

  /** What followed a body whose content was taken out of its framing. */
  public Trailers trailers() {
    return kept.isEmpty() ? Trailers.NONE : new Trailers(kept);
  }

  private int chunks(ByteBuf in, int from, int to) {
    int i = from;
    while (i < to && state != State.DONE) {
      if (state == State.DATA) {
        int taken = (int) Math.min(remaining, to - i);
        if (content != null) {
          content.writeBytes(in, i, taken);
        }
        i += taken;
        remaining -= taken;
        payload += taken;
        if (remaining == 0) {
          state = State.DATA_CR;
        }
      } else {
        step(in.getByte(i++));
      }
    }
    return i - from;
  }

  private void step(byte b) {
    switch (state) {
      case SIZE -> size(b);
      case EXTENSION -> extension(b);
      case SIZE_LF -> {
        expect(b, '\n', Violation.BARE_CR);
        state = remaining == 0 ? State.TRAILER : State.DATA;
      }
      case DATA_CR -> {
        expect(b, '\r', Violation.BAD_CHUNK_END);
        state = State.DATA_LF;
      }
      case DATA_LF -> {
        expect(b, '\n', Violation.BAD_CHUNK_END);
        startChunk();
      }
      case TRAILER, TRAILER_NAME, TRAILER_VALUE -> trailer(b);
      case TRAILER_LF -> {
        expect(b, '\n', Violation.BARE_CR);
        state = State.TRAILER;
        keep();
      }
      case END_LF -> {
        expect(b, '\n', Violation.BARE_CR);
        state = State.DONE;
      }
      case DONE, LENGTH, UNTIL_CLOSE, DATA -> throw new IllegalStateException(state.name());
    }
  }

  private void size(byte b) {
    int digit = Ascii.hexDigit(b);
    if (digit >= 0) {
      if (++seen > MAX_SIZE_DIGITS) {
        throw Violation.BAD_CHUNK_SIZE.exception();
      }
      remaining = remaining << 4 | digit;
    } else if (seen == 0) {
      throw Violation.BAD_CHUNK_SIZE.exception();
    } else if (b == '\r') {
      state = State.SIZE_LF;
    } else if (b == ';') {
      seen = 0;
      state = State.EXTENSION;
    } else {
      // White space after the size is read differently by different parsers.
      throw (b == '\n' ? Violation.BARE_LF : Violation.BAD_CHUNK_SIZE).exception();
    }
  }

  private void extension(byte b) {
    if (b == '\r') {
      state = State.SIZE_LF;
    } else if (b == '\n') {
      throw Violation.BARE_LF.exception();
    } else if (!Ascii.is(b, Ascii.FIELD) || ++seen > MAX_EXTENSION) {
      throw Violation.BAD_CHUNK_EXTENSION.exception();
    }
  }

  private void trailer(byte b) {
    if (++trailers > MAX_TRAILERS) {
      throw Violation.HEAD_TOO_LARGE.exception();
    }
    if (content != null && b != '\r') {
      trailer.append((char) (b & 0xff));
    }
    if (state == State.TRAILER) {
      if (b == '\r') {
        state = State.END_LF;
        return;
      }
      hash = 0;
      nameLength = 0;
      state = State.TRAILER_NAME;
      trailerName(b, true);
    } else if (state == State.TRAILER_NAME) {
      trailerName(b, false);
    } else if (b == '\r') {
      state = State.TRAILER_LF;
    } else if (!Ascii.is(b, Ascii.FIELD)) {
      throw (b == '\n' ? Violation.BARE_LF : Violation.BAD_TRAILER).exception();
    }
  }

  private void keep() {
    int colon = trailer.indexOf(":");
    if (colon > 0) {
      if (kept.isEmpty()) {
        kept = new ArrayList<>(4);
      }
      kept.add(
          new Trailers.Field(
              trailer.substring(0, colon).toLowerCase(Locale.ROOT),
              trailer.substring(colon + 1).strip()));
      trailer.setLength(0);
    }
  }

  private void trailerName(byte b, boolean atStart) {
    if (Ascii.is(b, Ascii.TOKEN)) {
      hash = KnownHeader.hash(hash, b);
      nameLength++;
      for (int[] prefix : PREFIXES) {
        if (nameLength == prefix[0] && hash == prefix[1]) {
          throw Violation.BAD_TRAILER.exception();
        }
      }
    } else if (b == ':' && !atStart) {
      if (TOO_LATE.contains(hash)) {
        throw Violation.BAD_TRAILER.exception();
      }
      state = State.TRAILER_VALUE;
    } else {
      throw Violation.BAD_TRAILER.exception();
    }
  }

  /** Of names that come too late, by hash. */
  private static final Set<Integer> TOO_LATE =
      Trailers.TOO_LATE.stream().map(BodyFramer::hashOf).collect(Collectors.toUnmodifiableSet());

  private static final int[][] PREFIXES =
      Trailers.TOO_LATE_PREFIXES.stream()
          .map(prefix -> new int[] {prefix.length(), hashOf(prefix)})
          .toArray(int[][]::new);

  private static int hashOf(String lowerName) {
    int hash = 0;
    for (byte b : lowerName.getBytes(StandardCharsets.US_ASCII)) {
      hash = KnownHeader.hash(hash, b);
    }
    return hash;
  }

  private static void expect(byte b, char wanted, Violation otherwise) {
    if (b != wanted) {
      throw otherwise.exception();
    }
  }
}
