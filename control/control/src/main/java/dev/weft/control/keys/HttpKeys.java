package dev.weft.control.keys;

import dev.weft.config.RequestAuthentication.KeySource;
import dev.weft.types.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Sets of keys over HTTP, by their address or by the one that an issuer publishes. */
final class HttpKeys implements KeySets.Fetcher {
  private static final int MOST = 1 << 20;
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
      request = HttpRequest.newBuilder(URI.create(uri)).timeout(timeout).build();
    } catch (IllegalArgumentException e) {
      throw new IOException("'" + uri + "' is no address of http:// or https://", e);
    }
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException(uri + " answers " + response.statusCode());
      }
      byte[] bytes = body.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new IOException(uri + " answers more than 1 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
