package dev.weft.control.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.explain.UnclearException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages below {@code /debug}, which are asked for over HTTP, and by Istio's tools over xDS.
 * Nothing here changes anything or shows a secret. Thread-safe once it is complete.
 */
public final class DebugPages {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Page> pages = new HashMap<>();
  private final List<String> usages = new ArrayList<>();

  /** Makes what a page says, to be written as JSON. */
  @FunctionalInterface
  public interface Page {
    /**
     * Answers.
     *
     * @throws UnclearException where the question names what there is not
     * @throws NoAnswerException for other reasons
     */
    Object answer(DebugQuery query) throws UnclearException, NoAnswerException;
  }

  /**
   * What somebody is answered.
   *
   * @param status of HTTP
   * @param body JSON
   */
  public record Answer(int status, String body) {}

  public DebugPages() {
    add("list", query -> usages.stream().filter(usage -> !usage.equals("list")).sorted().toList());
  }

  /**
   * Adds a page.
   *
   * @param usage its path and parameters, such as {@code config_dump?proxyID=}
   */
  public DebugPages add(String usage, Page page) {
    pages.put(name(usage), page);
    usages.add(usage);
    return this;
  }

  private static String name(String usage) {
    int question = usage.indexOf('?');
    return question < 0 ? usage : usage.substring(0, question);
  }

  /** Path and parameters of every page. */
  public List<String> usages() {
    return List.copyOf(usages);
  }

  /** What a page says, or why it says nothing. */
  public Answer answer(String path, DebugQuery query) {
    Page page = pages.get(path);
    if (page == null) {
      // The words of Go's HTTP server, which istioctl looks for.
      return refusal(
          NOT_FOUND, "404 page not found: /debug/" + path + "; /debug lists those that there are");
    }
    try {
      return new Answer(OK, write(page.answer(query)));
    } catch (NoAnswerException e) {
      return refusal(e.status(), String.valueOf(e.getMessage()));
    } catch (UnclearException e) {
      return refusal(NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (JsonProcessingException e) {
      return refusal(FAILED, e.getOriginalMessage());
    }
  }

  /** The index. */
  public Answer index() {
    try {
      return new Answer(OK, write(usages.stream().map(usage -> "/debug/" + usage).toList()));
    } catch (JsonProcessingException e) {
      return refusal(FAILED, e.getOriginalMessage());
    }
  }

  private Answer refusal(int status, String message) {
    try {
      return new Answer(status, write(Map.of("error", message)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of strings has a JSON form", e);
    }
  }

  private String write(Object tree) throws JsonProcessingException {
    return json.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
  }
}
