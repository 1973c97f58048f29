package dev.weft.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.testkit.Settle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Somebody who looks at the mesh's picture in a browser. */
final class Onlooker implements AutoCloseable {
  /** Pictures for people; the documentation has some of them. */
  static final Path PICTURES = Lab.root().resolve("test/e2e/target/pictures");

  private static final Pattern ADDRESS = Pattern.compile("http://\\S+#token=\\S+");

  private final Browser browser;
  private final URI console;

  private Onlooker(Browser browser, URI console) {
    this.browser = browser;
    this.console = console;
  }

  /** Opens the console as {@code weft console} says, at the picture. */
  static Onlooker of(Lab lab, String language) throws IOException {
    String said = lab.weft("console", "--no-open").orFail();
    Matcher address = ADDRESS.matcher(said);
    if (!address.find()) {
      throw new AssertionError("no address of the console in: " + said);
    }
    URI console = URI.create(address.group());
    Onlooker onlooker = new Onlooker(Browser.open(language, 1600, 900), console);
    onlooker.browser.visit(console);
    onlooker.browser.settled();
    return onlooker;
  }

  Browser browser() {
    return browser;
  }

  /** Goes to a page of the console, as a link in it would. */
  void go(String path) {
    browser.visit(console.resolve(path));
  }

  /** What is drawn now. */
  JsonNode drawn() {
    return JsonLines.parsed(
        String.valueOf(
            browser.run("return JSON.stringify((window.__weft && window.__weft.picture) || {})")));
  }

  /** Waits until the picture shows something; it moves by itself. */
  JsonNode sees(String what, Predicate<JsonNode> shown) {
    return Settle.until(what, Duration.ofMinutes(3), this::drawn, shown::test);
  }

  void photograph(String name) throws IOException {
    browser.picture(PICTURES.resolve(name + ".png"));
  }

  static boolean flows(JsonNode picture, String source, String target) {
    return edges(picture, source).stream()
        .anyMatch(
            e ->
                e.path("target").asText().equals(target)
                    && !e.path("ghost").asBoolean()
                    && e.path("rate").asDouble() > 0);
  }

  /** The part of what a node sends to a service that a target gets; 0 to 1. */
  static double share(JsonNode picture, String source, String target) {
    return edges(picture, source).stream()
        .filter(e -> e.path("target").asText().equals(target) && !e.path("ghost").asBoolean())
        .mapToDouble(e -> e.path("share").asDouble())
        .sum();
  }

  private static List<JsonNode> edges(JsonNode picture, String source) {
    return StreamSupport.stream(picture.path("edges").spliterator(), false)
        .filter(e -> e.path("source").asText().equals(source))
        .toList();
  }

  static boolean isGhost(JsonNode picture, String node) {
    return StreamSupport.stream(picture.path("nodes").spliterator(), false)
        .anyMatch(n -> n.path("id").asText().equals(node) && n.path("ghost").asBoolean());
  }

  static boolean says(JsonNode picture, String code) {
    return StreamSupport.stream(picture.path("sentences").spliterator(), false)
        .anyMatch(s -> s.path("code").asText().equals(code));
  }

  @Override
  public void close() {
    browser.close();
  }
}
