package dev.weft.lab.image.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one request after the other from a connection. Source: RFC 9112. */
final class RequestReader {
  private static final int HEAD_LIMIT = 64 << 10;
  private static final int BODY_LIMIT = 8 << 20;

  private final InputStream in;
  private final OutputStream out;
  private final String remoteAddress;
  private int headBytes;

  RequestReader(InputStream in, OutputStream out, String remoteAddress) {
    this.in = in;
    this.out = out;
    this.remoteAddress = remoteAddress;
  }

  /** The connection cannot be used after this. */
  static final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    Malformed(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** Empty at the end of the connection. */
  Optional<HttpRequest> next() throws IOException {
    headBytes = 0;
    Optional<String> first = line();
    if (first.isPresent() && first.get().isEmpty()) {
      // RFC 9112, section 2.2: an empty line before the request is ignored.
      first = line();
    }
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = first.get().split(" ", -1);
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.") || parts[0].isEmpty()) {
      throw new Malformed(400, "The request line is not METHOD TARGET HTTP/1.1.");
    }
    List<HttpRequest.Header> headers = headers();
    String target = parts[1];
    if (target.startsWith("http://") || target.startsWith("https://")) {
      int slash = target.indexOf('/', target.indexOf("://") + 3);
      target = slash < 0 ? "/" : target.substring(slash);
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    HttpRequest head =
        new HttpRequest(
            parts[0],
            decode(path),
            query,
            parts[2],
            List.copyOf(headers),
            new HttpRequest.Body(new byte[0]),
            remoteAddress);
    return Optional.of(
        new HttpRequest(
            head.method(),
            head.path(),
            head.query(),
            head.version(),
            head.headers(),
            new HttpRequest.Body(body(head)),
            remoteAddress));
  }

  private List<HttpRequest.Header> headers() throws IOException {
    List<HttpRequest.Header> headers = new ArrayList<>();
    String line = line().orElseThrow(EOFException::new);
    while (!line.isEmpty()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new Malformed(400, "A header line has no name.");
      }
      headers.add(
          new HttpRequest.Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      line = line().orElseThrow(EOFException::new);
    }
    return headers;
  }

  private byte[] body(HttpRequest head) throws IOException {
    String coding = head.header("Transfer-Encoding").orElse("").toLowerCase(Locale.ROOT);
    String length = head.header("Content-Length").orElse("0");
    if (coding.isEmpty() && length.equals("0")) {
      return new byte[0];
    }
    if (head.header("Expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    if (!coding.isEmpty()) {
      if (!coding.equals("chunked")) {
        throw new Malformed(501, "The transfer coding " + coding + " is not known.");
      }
      return chunks();
    }
    int bytes;
    try {
      bytes = Integer.parseInt(length);
    } catch (NumberFormatException e) {
      throw new Malformed(400, "Content-Length is no number below 2^31.");
    }
    return exactly(bytes);
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size = chunkSize();
    while (size > 0) {
      if (body.size() + size > BODY_LIMIT) {
        throw new Malformed(413, "The body is longer than " + BODY_LIMIT + " bytes.");
      }
      body.writeBytes(exactly(size));
      line();
      size = chunkSize();
    }
    headers();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    headBytes = 0;
    String line = line().orElseThrow(EOFException::new);
    int extension = line.indexOf(';');
    String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
    try {
      int size = Integer.parseInt(digits, 16);
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw new Malformed(400, "A chunk has no size.");
    }
    throw new Malformed(400, "A chunk has a negative size.");
  }

  private byte[] exactly(int length) throws IOException {
    if (length < 0 || length > BODY_LIMIT) {
      throw new Malformed(413, "The body is longer than " + BODY_LIMIT + " bytes.");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the body ended early");
    }
    return bytes;
  }

  private Optional<String> line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    int next = in.read();
    while (next >= 0 && next != '\n') {
      if (++headBytes > HEAD_LIMIT) {
        throw new Malformed(431, "The head is longer than " + HEAD_LIMIT + " bytes.");
      }
      if (next != '\r') {
        line.write(next);
      }
      next = in.read();
    }
    if (next < 0 && line.size() == 0) {
      return Optional.empty();
    }
    return Optional.of(line.toString(StandardCharsets.ISO_8859_1));
  }

  private static String decode(String path) throws Malformed {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Malformed(400, "The path has a broken percent escape.");
    }
  }
}
