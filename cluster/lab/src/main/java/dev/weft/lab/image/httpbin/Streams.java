package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies of a wanted size or pace. */
final class Streams {
  private static final int MAX_BYTES = 100 << 10;
  private static final int MAX_DRIPS = 10 << 20;
  private static final int MAX_LINES = 100;
  private static final String BINARY = "application/octet-stream";
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,9})-([0-9]{0,9})");

  private Streams() {}

  static HttpResponse bytes(HttpRequest request, int count) throws BadParameter {
    return HttpResponse.bytes(200, BINARY, random(request, count));
  }

  static HttpResponse streamBytes(HttpRequest request, int count) throws BadParameter {
    byte[] bytes = random(request, count);
    int chunk = Math.max(1, BadParameter.parameter(request, "chunk_size", 10 << 10));
    return HttpResponse.stream(
        200,
        BINARY,
        out -> {
          for (int from = 0; from < bytes.length; from += chunk) {
            out.write(bytes, from, Math.min(chunk, bytes.length - from));
            out.flush();
          }
        });
  }

  /** The request as JSON, so many times, a line each. */
  static HttpResponse lines(HttpRequest request, int count) {
    Json echo = Echo.of(request, false);
    Map<String, Json> members = new TreeMap<>();
    if (echo instanceof Json.Obj object) {
      members.putAll(object.members());
    }
    return HttpResponse.stream(
        200,
        "application/json",
        out -> {
          for (int line = 0; line < Math.min(count, MAX_LINES); line++) {
            members.put("id", Json.of(line));
            String text = new Json.Obj(members).compact() + "\n";
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
          }
        });
  }

  /** Bytes over a time: parameters duration and delay in seconds, numbytes, code. */
  static HttpResponse drip(HttpRequest request) throws BadParameter, InterruptedException {
    int count = Math.min(BadParameter.parameter(request, "numbytes", 10), MAX_DRIPS);
    if (count < 1) {
      throw new BadParameter(400, "number of bytes must be positive");
    }
    double seconds = Math.min(BadParameter.parameter(request, "duration", 2.0), 60);
    double delay = Math.min(BadParameter.parameter(request, "delay", 0.0), 60);
    int code = BadParameter.parameter(request, "code", 200);
    if (code < 200 || code > 599) {
      throw new BadParameter(400, "code has to be a status from 200 to 599");
    }
    Thread.sleep((long) (delay * 1000));
    long pause = (long) (seconds * 1e9 / count);
    return HttpResponse.stream(
        code,
        BINARY,
        count,
        out -> {
          for (int i = 0; i < count; i++) {
            out.write('*');
            out.flush();
            Thread.sleep(pause / 1_000_000, (int) (pause % 1_000_000));
          }
        });
  }

  /** The alphabet again and again, of which a Range may ask for a part. */
  static HttpResponse range(HttpRequest request, int count) throws BadParameter {
    if (count < 1 || count > MAX_BYTES) {
      throw new BadParameter(404, "number of bytes must be in the range (0, 102400]");
    }
    byte[] all = new byte[count];
    for (int i = 0; i < count; i++) {
      all[i] = (byte) ('a' + i % 26);
    }
    Matcher range = RANGE.matcher(request.header("Range").orElse(""));
    if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
      return HttpResponse.bytes(200, BINARY, all)
          .with("ETag", "range" + count)
          .with("Accept-Ranges", "bytes");
    }
    int last = count - 1;
    int from = range.group(1).isEmpty() ? -1 : Integer.parseInt(range.group(1));
    int to = range.group(2).isEmpty() ? last : Integer.parseInt(range.group(2));
    if (from < 0) {
      from = Math.max(0, count - to);
      to = last;
    }
    if (from > last || to < from) {
      return HttpResponse.text(416, Replies.HTML, "").with("Content-Range", "bytes */" + count);
    }
    to = Math.min(to, last);
    return HttpResponse.bytes(206, BINARY, Arrays.copyOfRange(all, from, to + 1))
        .with("ETag", "range" + count)
        .with("Accept-Ranges", "bytes")
        .with("Content-Range", "bytes " + from + "-" + to + "/" + count);
  }

  /** The same bytes for the same parameter {@code seed}. */
  private static byte[] random(HttpRequest request, int count) throws BadParameter {
    byte[] bytes = new byte[Math.min(count, MAX_BYTES)];
    boolean seeded = request.parameter("seed").isPresent();
    Random random = seeded ? new Random(BadParameter.parameter(request, "seed", 0)) : new Random();
    random.nextBytes(bytes);
    return bytes;
  }
}
