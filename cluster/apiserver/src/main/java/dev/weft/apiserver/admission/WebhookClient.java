package dev.weft.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ServiceDialer;
import dev.weft.apiserver.document.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Posts reviews to webhooks over TLS, to a URL or to a service of the cluster. Thread-safe. */
public final class WebhookClient {
  private static final int LARGEST_ANSWER = 3 << 20;
  private static final int KEPT_CONTEXTS = 16;

  private final ServiceDialer services;

  /** By CA bundle, so that sessions are resumed. Guarded by this. */
  private final Map<String, SSLSocketFactory> factories =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SSLSocketFactory> eldest) {
          return size() > KEPT_CONTEXTS;
        }
      };

  public WebhookClient(ServiceDialer services) {
    this.services = services;
  }

  private record Target(String url, String host, int port, String path) {}

  /**
   * Asks one webhook.
   *
   * @throws IOException whose message begins as Go's {@code Post "https://…"}
   */
  public JsonNode call(ObjectNode webhook, ObjectNode review) throws IOException {
    JsonNode config = webhook.path("clientConfig");
    int timeout = Math.max(1, webhook.path("timeoutSeconds").asInt(10));
    JsonNode service = config.path("service");
    Target target = service.isObject() ? target(service) : target(Json.text(config, "url"));
    String shown = target.url() + "?timeout=" + timeout + "s";
    try (Socket plain = dial(service, target, timeout)) {
      plain.setSoTimeout(timeout * 1000);
      plain.setTcpNoDelay(true);
      SSLSocket socket =
          (SSLSocket)
              factory(Json.text(config, "caBundle"))
                  .createSocket(plain, target.host(), target.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return exchange(socket, target, timeout, Json.bytes(review));
    } catch (SocketTimeoutException e) {
      throw new IOException("Post \"" + shown + "\": context deadline exceeded", e);
    } catch (IOException | ApiException e) {
      throw new IOException("Post \"" + shown + "\": " + e.getMessage(), e);
    }
  }

  private static Target target(JsonNode service) {
    String host = Json.text(service, "name") + "." + Json.text(service, "namespace") + ".svc";
    int port = service.path("port").asInt(443);
    String path = Json.text(service, "path");
    path = path.startsWith("/") ? path : "/" + path;
    return new Target("https://" + host + ":" + port + path, host, port, path);
  }

  private static Target target(String url) throws IOException {
    try {
      URI uri = URI.create(url);
      if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
        throw new IOException("clientConfig.url \"" + url + "\" is not an https URL");
      }
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return new Target(url, uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort(), path);
    } catch (IllegalArgumentException e) {
      throw new IOException("clientConfig.url \"" + url + "\" is not a URL", e);
    }
  }

  private Socket dial(JsonNode service, Target target, int timeout) throws IOException {
    if (service.isObject()) {
      return services.dial(
          Json.text(service, "namespace"), Json.text(service, "name"), target.port());
    }
    return services.dialHost(target.host(), target.port(), timeout * 1000);
  }

  private synchronized SSLSocketFactory factory(String bundle) throws IOException {
    SSLSocketFactory known = factories.get(bundle);
    if (known != null) {
      return known;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore store = null;
      if (!bundle.isEmpty()) {
        store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int index = 0;
        byte[] pem = Base64.getMimeDecoder().decode(bundle);
        for (Certificate certificate :
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem))) {
          store.setCertificateEntry("ca-" + index++, certificate);
        }
      }
      trust.init(store);
      context.init(null, trust.getTrustManagers(), null);
      SSLSocketFactory factory = context.getSocketFactory();
      factories.put(bundle, factory);
      return factory;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "unable to load root certificates: clientConfig.caBundle: " + e.getMessage(), e);
    }
  }

  private static JsonNode exchange(Socket socket, Target target, int timeout, byte[] body)
      throws IOException {
    String head =
        "POST "
            + target.path()
            + "?timeout="
            + timeout
            + "s HTTP/1.1\r\nHost: "
            + target.host()
            + ":"
            + target.port()
            + "\r\nUser-Agent: kube-apiserver-admission\r\nAccept: application/json\r\n"
            + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    OutputStream out = socket.getOutputStream();
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = java.util.Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    out.write(whole);
    out.flush();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    String status = line(in);
    String[] words = status.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
      throw new IOException("malformed HTTP response \"" + status + "\"");
    }
    long length = -1;
    boolean chunked = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String lower = line.toLowerCase(java.util.Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = number(lower.substring("content-length:".length()), 10);
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      }
    }
    byte[] answer = chunked ? chunks(in) : sized(in, length);
    if (!words[1].equals("200")) {
      throw new IOException(
          "an error on the server (\""
              + new String(answer, StandardCharsets.UTF_8).strip()
              + "\") has prevented the request from succeeding: status "
              + words[1]);
    }
    return Json.read(answer, new ArrayList<>());
  }

  private static long number(String text, int radix) throws IOException {
    try {
      long number = Long.parseLong(text.strip(), radix);
      if (number < 0 || number > LARGEST_ANSWER) {
        throw new IOException("the answer is larger than " + LARGEST_ANSWER + " bytes");
      }
      return number;
    } catch (NumberFormatException e) {
      throw new IOException("malformed length \"" + text.strip() + "\"", e);
    }
  }

  private static byte[] sized(InputStream in, long length) throws IOException {
    byte[] body = in.readNBytes(length < 0 ? LARGEST_ANSWER : (int) length);
    if (length >= 0 && body.length < length) {
      throw new IOException("unexpected EOF");
    }
    return body;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      int end = size.indexOf(';');
      int length = (int) number(end < 0 ? size : size.substring(0, end), 16);
      if (length == 0) {
        return body.toByteArray();
      }
      if (body.size() + length > LARGEST_ANSWER) {
        throw new IOException("the answer is larger than " + LARGEST_ANSWER + " bytes");
      }
      body.write(sized(in, length));
      line(in);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > 8192) {
        throw new IOException(c < 0 ? "EOF" : "a header line is too long");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
