package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a form. Source: RFC 7578. What is no part is left out. */
record Multipart(Map<String, List<String>> fields, Map<String, List<String>> files) {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
  private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final Pattern FILE = Pattern.compile("[; ]filename=\"([^\"]*)\"");

  static Multipart parse(HttpRequest request) {
    Multipart result = new Multipart(new LinkedHashMap<>(), new LinkedHashMap<>());
    Matcher boundary = BOUNDARY.matcher(request.header("Content-Type").orElse(""));
    if (!boundary.find()) {
      return result;
    }
    String body = new String(request.body().bytes(), StandardCharsets.ISO_8859_1);
    for (String part : body.split(Pattern.quote("--" + boundary.group(1)))) {
      int end = part.indexOf("\r\n\r\n");
      Matcher name = NAME.matcher(end < 0 ? "" : part.substring(0, end));
      if (name.find()) {
        String content = part.substring(end + 4);
        if (content.endsWith("\r\n")) {
          content = content.substring(0, content.length() - 2);
        }
        String text =
            new String(content.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        boolean file = FILE.matcher(part.substring(0, end)).find();
        (file ? result.files : result.fields)
            .computeIfAbsent(name.group(1), key -> new ArrayList<>())
            .add(text);
      }
    }
    return result;
  }
}
