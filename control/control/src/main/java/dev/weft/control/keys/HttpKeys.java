package dev.weft.control.keys;

import dev.weft.config.RequestAuthentication.KeySource;
import dev.weft.types.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sets of keys over HTTP, by their address or by the one that an issuer publishes. */
final class HttpKeys implements KeySets.Fetcher {
  private static final int MAX_BYTES = 1 << 20;
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

  @Override
  public String fetch(KeySource source) throws IOException, InterruptedException {
    return switch (source) {
      case KeySource.Inline inline -> inline.jwks();
      case KeySource.Remote remote -> keys(remote.uri(), remote.timeout());
      case KeySource.Discovered discovered -> keys(published(discovered), discovered.timeout());
    };
  }

  /** OpenID Connect Discovery 1.0, 4. */
  private String published(KeySource.Discovered source) throws IOException, InterruptedException {
    String issuer = source.issuer();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    try {
      if (Json.parseObject(get(base + DISCOVERY, source.timeout())).get("jwks_uri")
          instanceof String uri) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(base + DISCOVERY + " is no JSON object", e);
    }
    throw new IOException(base + DISCOVERY + " names no jwks_uri");
  }

  private String keys(String uri, Duration timeout) throws IOException, InterruptedException {
    String text = get(uri, timeout);
    try {
      if (Json.parseObject(text).get("keys") instanceof List<?> keys && !keys.isEmpty()) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(uri + " is no set of keys: " + e.getMessage(), e);
    }
    throw new IOException(uri + " has no keys");
  }

  private String get(String uri, Duration timeout) throws IOException, InterruptedException {
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(URI.create(uri)).build();
    } catch (IllegalArgumentException e) {
      throw new IOException("'" + uri + "' is no address of http:// or https://", e);
    }
    // The request's own timeout ends with the head of the answer; a body can drip for ever.
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(uri + " answers " + response.statusCode());
      }
      return new String(response.body(), StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      boolean unused = answer.cancel(true);
      throw new IOException(uri + " has not answered within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(uri + " cannot be read: " + e.getCause(), e);
    }
  }
}
