package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpRequest.Header;
import dev.weft.lab.image.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Another service of Bookinfo.
 *
 * @param attempts how often it is asked before its answer counts as none
 */
record Backend(HttpClient client, URI base, Duration timeout, int attempts) {

  /**
   * What it answered.
   *
   * @param status 500 where it did not answer at all
   */
  record Answer(int status, Optional<Json> body) {
    boolean good() {
      return status == 200 && body.isPresent();
    }
  }

  static HttpClient newClient() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Asks, and asks again after a failure. */
  Answer get(String path, List<Header> headers) throws InterruptedException {
    Answer answer = new Answer(500, Optional.empty());
    for (int i = 0; i < attempts && !answer.good(); i++) {
      answer = once(path, headers);
    }
    return answer;
  }

  private Answer once(String path, List<Header> headers) throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
    headers.forEach(header -> request.header(header.name(), header.value()));
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), Json.parse(response.body()));
    } catch (IOException e) {
      System.err.println(base.resolve(path) + ": " + e);
      return new Answer(500, Optional.empty());
    }
  }
}
