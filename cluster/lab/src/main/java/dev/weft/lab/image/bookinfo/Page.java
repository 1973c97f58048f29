package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a browser shows. The words that the tasks of service meshes look for are those of the public
 * sample.
 */
final class Page {
  /** Where the page finds its style sheet. */
  static final String STYLE = "/static/bookinfo.css";

  private static final int MAX_STARS = 5;

  private Page() {}

  /** The whole page of a book. */
  static String of(
      String title, String summary, String user, Backend.Answer details, Backend.Answer reviews) {
    return frame(
        signIn(user),
        """
        <h1>%s</h1>
        <p class="summary">%s</p>
        <div class="columns">
        <section>
        %s</section>
        <section>
        %s</section>
        </div>
        """
            .formatted(title, summary, details(details), reviews(reviews)));
  }

  /** The page at the root: what there is to see. */
  static String index() {
    return frame(
        "",
        """
        <h1>A bookshop of four services</h1>
        <p class="summary">The page of a book is made of what several services know of it.</p>
        <dl>
        <dt>productpage</dt><dd>puts the page together</dd>
        <dt>details</dt><dd>knows the book</dd>
        <dt>reviews</dt><dd>knows what readers think; it has three versions: without stars, with black and with red ones</dd>
        <dt>ratings</dt><dd>knows how many stars readers give</dd>
        </dl>
        <p><a href="/productpage?u=normal">Normal user</a> <a href="/productpage?u=test">Test user</a></p>
        """);
  }

  static String style() throws IOException {
    try (InputStream in = Page.class.getResourceAsStream("bookinfo.css")) {
      if (in == null) {
        throw new IOException("bookinfo.css is missing beside " + Page.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String frame(String right, String content) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Simple Bookstore App</title>
    <link rel="stylesheet" href="%s">
    </head>
    <body>
    <header><span>BookInfo Sample</span>%s</header>
    <main>
    %s</main>
    </body>
    </html>
    """
        .formatted(STYLE, right, content);
  }

  private static String signIn(String user) {
    return user.isEmpty()
        ? """
        <form method="post" action="login"><input name="username" placeholder="User Name" \
        aria-label="User Name"><input name="passwd" type="password" placeholder="Password" \
        aria-label="Password"><button>Sign in</button></form>\
        """
        : "<span>%s (<a href=\"logout\">sign out</a>)</span>".formatted(escaped(user));
  }

  private static String details(Backend.Answer answer) {
    if (!answer.good()) {
      return sorry("details");
    }
    StringBuilder out = new StringBuilder("<h2>Book Details</h2>\n<dl>\n");
    for (Map.Entry<String, String> line :
        List.of(
            Map.entry("Type", "type"),
            Map.entry("Pages", "pages"),
            Map.entry("Publisher", "publisher"),
            Map.entry("Language", "language"),
            Map.entry("ISBN-10", "ISBN-10"),
            Map.entry("ISBN-13", "ISBN-13"))) {
      out.append(
          "<dt>%s:</dt><dd>%s</dd>\n"
              .formatted(line.getKey(), text(answer.body().orElse(Json.NULL), line.getValue())));
    }
    return out.append("</dl>\n").toString();
  }

  private static String reviews(Backend.Answer answer) {
    Json body = answer.body().orElse(Json.NULL);
    if (!answer.good() || !(member(body, "reviews") instanceof Json.Arr list)) {
      return sorry("reviews");
    }
    StringBuilder out = new StringBuilder("<h2>Book Reviews</h2>\n");
    for (Json review : list.elements()) {
      out.append(
          "<blockquote>\n<p>%s</p>\n<footer>%s</footer>\n%s</blockquote>\n"
              .formatted(
                  text(review, "text"),
                  text(review, "reviewer"),
                  rating(member(review, "rating"))));
    }
    String cluster = text(body, "clustername");
    out.append("<p class=\"served\">Reviews served by: <u>").append(text(body, "podname"));
    out.append("</u>");
    if (!cluster.isEmpty() && !cluster.equals("null")) {
      out.append(" on cluster <u>").append(cluster).append("</u>");
    }
    return out.append("</p>\n").toString();
  }

  /** Stars in their colour; nothing where reviews has none. */
  private static String rating(Json rating) {
    if (member(rating, "error") instanceof Json.Text error) {
      return "<p class=\"stars\"><i>%s</i></p>\n".formatted(escaped(error.value()));
    }
    if (!(member(rating, "stars") instanceof Json.Literal number) || number.equals(Json.NULL)) {
      return "";
    }
    int stars = stars(number.text());
    return """
    <p class="stars"><font color="%s" aria-label="%d of %d stars">%s%s</font></p>
    """
        .formatted(
            text(rating, "color"),
            stars,
            MAX_STARS,
            "<span class=\"glyphicon glyphicon-star\">★</span>".repeat(stars),
            "<span class=\"glyphicon glyphicon-star-empty\">☆</span>".repeat(MAX_STARS - stars));
  }

  private static int stars(String number) {
    try {
      return (int) Math.clamp(Double.parseDouble(number), 0, MAX_STARS);
    } catch (NumberFormatException e) {
      // "true" is a literal, too.
      return 0;
    }
  }

  private static String sorry(String what) {
    return """
    <h2>Error fetching product %1$s!</h2>
    <p>Sorry, product %1$s are currently unavailable for this book.</p>
    """
        .formatted(what);
  }

  private static Json member(Json value, String name) {
    return value instanceof Json.Obj object
        ? object.members().getOrDefault(name, Json.NULL)
        : Json.NULL;
  }

  private static String text(Json value, String name) {
    return switch (member(value, name)) {
      case Json.Text text -> escaped(text.value());
      case Json.Literal literal -> literal.equals(Json.NULL) ? "" : escaped(literal.text());
      default -> "";
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
