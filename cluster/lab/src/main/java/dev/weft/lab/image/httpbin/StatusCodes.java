package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The answers of /status. Source: httpbin/helpers.py, status_code. */
final class StatusCodes {
  /** 135 bytes. */
  static final String TEAPOT =
      """

          -=[ teapot ]=-

             _...._
           .'  _ _ `.
          | ."` ^ `". _,
          \\_;`"---"`|//
            |       ;/
            \\_     _/
              `\"""`
      """;

  private StatusCodes() {}

  /**
   * @param codes a code, or several of which one is chosen: {@code 200,503} or {@code
   *     200:0.9,503:0.1}
   */
  static HttpResponse answer(String codes) throws BadParameter {
    int code = choose(codes, RandomGenerator.getDefault().nextDouble());
    return switch (code) {
      case 301, 302, 303, 305, 307 -> empty(code).with("Location", "/redirect/1");
      case 401 -> empty(code).with("WWW-Authenticate", "Basic realm=\"Fake Realm\"");
      case 402 ->
          HttpResponse.text(code, Replies.HTML, "Payment required.\n")
              .with("x-more-info", "http://vimeo.com/22053820");
      case 406 ->
          Replies.json(
              code,
              new Json.Obj(
                  Map.of(
                      "message",
                      Json.of("Client did not request a supported media type."),
                      "accept",
                      new Json.Arr(
                          List.of(
                              Json.of("image/webp"),
                              Json.of("image/svg+xml"),
                              Json.of("image/jpeg"),
                              Json.of("image/png"),
                              Json.of("image/*"))))));
      case 407 -> empty(code).with("Proxy-Authenticate", "Basic realm=\"Fake Realm\"");
      case 418 ->
          HttpResponse.text(code, Replies.HTML, TEAPOT)
              .with("x-more-info", "http://tools.ietf.org/html/rfc2324");
      default -> empty(code);
    };
  }

  /**
   * @param dice 0 to 1
   */
  static int choose(String codes, double dice) throws BadParameter {
    List<Integer> values = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (String choice : codes.split(",", -1)) {
      String[] parts = choice.split(":", 2);
      try {
        values.add(Integer.parseInt(parts[0].strip()));
        weights.add(parts.length == 2 ? Double.parseDouble(parts[1]) : 1);
      } catch (NumberFormatException e) {
        throw new BadParameter(400, "Invalid status code");
      }
      int code = values.getLast();
      if (code < 200 || code > 599 || !(weights.getLast() >= 0)) {
        throw new BadParameter(400, "Invalid status code");
      }
    }
    double left = dice * weights.stream().mapToDouble(Double::doubleValue).sum();
    for (int i = 0; i < values.size(); i++) {
      left -= weights.get(i);
      if (left < 0) {
        return values.get(i);
      }
    }
    return values.getLast();
  }

  private static HttpResponse empty(int code) {
    return HttpResponse.text(code, Replies.HTML, "");
  }
}
