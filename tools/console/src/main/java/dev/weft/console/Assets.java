package dev.weft.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The built pages, from the class path. What has been asked for once stays in memory, plain and
 * compressed: no more than there is in the jar. Thread-safe.
 */
final class Assets {
  private static final Pattern PATH =
      Pattern.compile("/?(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");
  // Vite's names: name-HASH.extension, below assets/.
  private static final Pattern HASHED =
      Pattern.compile("/?assets/.+-[A-Za-z0-9_-]{8,}\\.[a-z0-9]+");
  private static final int WORTH_COMPRESSING = 1024;

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final String root;
  private final Map<String, Asset> known = new ConcurrentHashMap<>();

  /**
   * @param root in the class path, such as {@code dev/weft/console/web/}
   */
  Assets(String root) {
    this.root = root;
  }

  /**
   * A file.
   *
   * @param compressed with gzip; the same as the content where that is not worth it
   * @param lasting whether its name changes with its content
   */
  record Asset(String type, Bytes content, Bytes compressed, boolean lasting) {
    boolean isCompressed() {
      return compressed != content;
    }
  }

  /**
   * The file at a path; the page itself for paths that are places in it, such as {@code /topology}.
   */
  Optional<Asset> at(String path) {
    String name = path.equals("/") ? "index.html" : path.substring(path.startsWith("/") ? 1 : 0);
    Optional<Asset> file = file(name);
    boolean place = name.lastIndexOf('.') <= name.lastIndexOf('/') || name.startsWith("o/");
    return file.isEmpty() && place ? file("index.html") : file;
  }

  private Optional<Asset> file(String name) {
    if (!PATH.matcher(name).matches()) {
      return Optional.empty();
    }
    Asset before = known.get(name);
    if (before != null) {
      return Optional.of(before);
    }
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null) {
      return Optional.empty();
    }
    try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(root + name)) {
      if (in == null) {
        return Optional.empty();
      }
      Bytes content = new Bytes(in.readAllBytes());
      Asset asset =
          new Asset(
              type,
              content,
              content.length() < WORTH_COMPRESSING ? content : new Bytes(gzip(content.array())),
              HASHED.matcher(name).matches());
      known.put(name, asset);
      return Optional.of(asset);
    } catch (IOException e) {
      throw new UncheckedIOException("a page of this program cannot be read: " + name, e);
    }
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
