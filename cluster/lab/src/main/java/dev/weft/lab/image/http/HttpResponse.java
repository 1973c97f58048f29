package dev.weft.lab.image.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is answered. Immutable; {@code with} gives a changed copy. */
public record HttpResponse(int status, List<HttpRequest.Header> headers, Content content) {

  public HttpResponse {
    headers = List.copyOf(headers);
  }

  /** The body, or what takes its place. */
  public sealed interface Content {
    /** All bytes, sent with their length. */
    final class Bytes implements Content {
      private final byte[] bytes;

      Bytes(byte[] bytes) {
        this.bytes = bytes;
      }

      byte[] bytes() {
        return bytes;
      }
    }

    /**
     * Written piece by piece.
     *
     * @param length negative where it is not known: then it is chunked
     */
    record Stream(long length, Writer writer) implements Content {}

    /** The connection is handed over after the head; it is closed when the call returns. */
    record Upgrade(Conversation conversation) implements Content {}
  }

  /** Writes a body; every {@code flush} sends what was written. */
  @FunctionalInterface
  public interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** Speaks another protocol. */
  @FunctionalInterface
  public interface Conversation {
    void speak(InputStream in, OutputStream out) throws IOException;
  }

  /** A text with its content type. */
  public static HttpResponse text(int status, String contentType, String text) {
    return bytes(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes with their content type. */
  public static HttpResponse bytes(int status, String contentType, byte[] bytes) {
    return new HttpResponse(status, List.of(), new Content.Bytes(bytes))
        .with("Content-Type", contentType);
  }

  /** A body of unknown length. */
  public static HttpResponse stream(int status, String contentType, Writer writer) {
    return stream(status, contentType, -1, writer);
  }

  /** A body of this length in bytes. */
  public static HttpResponse stream(int status, String contentType, long length, Writer writer) {
    return new HttpResponse(status, List.of(), new Content.Stream(length, writer))
        .with("Content-Type", contentType);
  }

  /** 101, and then something else than HTTP. */
  public static HttpResponse upgrade(String protocol, Conversation conversation) {
    return new HttpResponse(101, List.of(), new Content.Upgrade(conversation))
        .with("Connection", "Upgrade")
        .with("Upgrade", protocol);
  }

  /** With one more header. Line breaks, which would begin another header, become spaces. */
  public HttpResponse with(String name, String value) {
    List<HttpRequest.Header> more = new ArrayList<>(headers);
    more.add(new HttpRequest.Header(name, value.replaceAll("[\\r\\n]+", " ")));
    return new HttpResponse(status, more, content);
  }

  /** Without any header of the name. */
  public HttpResponse without(String name) {
    List<HttpRequest.Header> fewer = new ArrayList<>(headers);
    fewer.removeIf(header -> header.name().equalsIgnoreCase(name));
    return new HttpResponse(status, fewer, content);
  }

  Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(HttpRequest.Header::value)
        .findFirst();
  }
}
