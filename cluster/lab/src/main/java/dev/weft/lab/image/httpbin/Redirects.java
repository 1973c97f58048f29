package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;

/** Chains of redirects that end at /get. */
final class Redirects {
  private Redirects() {}

  static HttpResponse relative(HttpRequest request, int count) throws BadParameter {
    if (request.parameter("absolute").filter("true"::equalsIgnoreCase).isPresent()) {
      return absolute(request, count);
    }
    return found(302, next("/relative-redirect/", count));
  }

  static HttpResponse absolute(HttpRequest request, int count) throws BadParameter {
    String host = "http://" + request.header("Host").orElse("localhost");
    return found(302, host + next("/absolute-redirect/", count));
  }

  /** To the query parameter {@code url}, with {@code status_code} where it is a redirect's. */
  static HttpResponse to(HttpRequest request) throws BadParameter {
    String url =
        request
            .parameter("url")
            .orElseThrow(() -> new BadParameter(400, "The parameter url is missing.\n"));
    int status = BadParameter.parameter(request, "status_code", 302);
    return found(status >= 300 && status < 400 ? status : 302, url);
  }

  private static String next(String path, int count) throws BadParameter {
    if (count < 1) {
      throw new BadParameter(404, "The number of redirects has to be 1 or more.\n");
    }
    return count == 1 ? "/get" : path + (count - 1);
  }

  private static HttpResponse found(int status, String location) {
    String shown = location.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    return HttpResponse.text(
            status,
            Replies.HTML,
            """
            <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
            <title>Redirecting...</title>
            <h1>Redirecting...</h1>
            <p>You should be redirected automatically to target URL: <a href="%s">%s</a>.  If not click the link."""
                .formatted(shown, shown))
        .with("Location", location);
  }
}
