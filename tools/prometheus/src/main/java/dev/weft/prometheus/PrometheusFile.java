package dev.weft.prometheus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.weft.types.HeaderText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The file that names the servers. Its fields are those of Prometheus' own {@code remote_read},
 * which is how Prometheus names a server to read from; {@code query_scope} is Kiali's. It is read
 * anew for each question, so a changed Secret needs no restart.
 */
public final class PrometheusFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_SERVERS = 64;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** RFC 9110, section 5.6.2; and what a field's value may be, without controls. */
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /** What the client sets itself. */
  private static final Set<String> FIXED =
      sorted("authorization", "connection", "content-length", "expect", "host", "upgrade");

  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private static final Set<String> SERVER =
      sorted(
          "name",
          "url",
          "cluster",
          "authorization",
          "basic_auth",
          "tls_config",
          "headers",
          "params",
          "query_scope",
          "remote_timeout",
          "scrape_interval");

  private final Path file;

  public PrometheusFile(Path file) {
    this.file = file;
  }

  /**
   * The servers; none where there is no file.
   *
   * @throws PrometheusFileException naming the field
   */
  public List<PrometheusServer> read() throws PrometheusFileException {
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PrometheusFileException(file, "is longer than a MiB");
      }
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new PrometheusFileException(file, "cannot be read: " + e.getMessage());
    }
    try {
      return servers(text);
    } catch (PrometheusFileException e) {
      throw new PrometheusFileException(file, e);
    }
  }

  private List<PrometheusServer> servers(String text) throws PrometheusFileException {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(text);
    } catch (JsonProcessingException e) {
      // The message may quote the file, and with it a password.
      throw new PrometheusFileException("line " + e.getLocation().getLineNr(), "is no YAML");
    }
    if (root == null || root.isMissingNode() || root.isNull()) {
      return List.of();
    }
    JsonNode list = Fields.of(root, "$", sorted("servers")).object().path("servers");
    if (!list.isArray()) {
      throw new PrometheusFileException("servers", "must be a list");
    }
    if (list.size() > MAX_SERVERS) {
      throw new PrometheusFileException(
          "servers",
          "are %d, but at most %d are asked; put one that reads them in front"
              .formatted(list.size(), MAX_SERVERS));
    }
    List<PrometheusServer> servers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      Fields fields = Fields.of(list.get(i), "servers[" + i + "]", SERVER);
      PrometheusServer server = server(fields);
      if (!names.add(server.name())) {
        throw fields.fault("name", "'" + server.name() + "' is that of another server too");
      }
      servers.add(server);
    }
    return List.copyOf(servers);
  }

  private PrometheusServer server(Fields fields) throws PrometheusFileException {
    URI url = url(fields);
    String name = fields.text("name");
    Map<String, String> scope = fields.texts("query_scope");
    for (String label : scope.keySet()) {
      if (!LABEL.matcher(label).matches()) {
        throw fields.fault("query_scope", "'" + label + "' is not the name of a label");
      }
    }
    return new PrometheusServer(
        name.isEmpty() ? PrometheusServer.authority(url) : name,
        url,
        fields.text("cluster"),
        new Access(credential(fields), authorities(fields), headers(fields)),
        scope,
        fields.texts("params"),
        atMost(fields, "remote_timeout", PrometheusServer.USUAL_TIMEOUT),
        atMost(fields, "scrape_interval", PrometheusServer.USUAL_SCRAPE_INTERVAL));
  }

  private static Map<String, String> headers(Fields fields) throws PrometheusFileException {
    Map<String, String> headers = fields.texts("headers");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (!HeaderText.isName(header.getKey())
          || FIXED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        throw fields.fault("headers", "'" + header.getKey() + "' is no header that can be set");
      }
      if (!VALUE.matcher(header.getValue()).matches()) {
        throw fields.fault("headers." + header.getKey(), "has what no header can hold");
      }
    }
    return headers;
  }

  private static Duration atMost(Fields fields, String name, Duration otherwise)
      throws PrometheusFileException {
    Duration duration = fields.duration(name, otherwise);
    if (duration.compareTo(LONGEST) > 0) {
      throw fields.fault(name, "may be at most 5m");
    }
    return duration;
  }

  private static URI url(Fields fields) throws PrometheusFileException {
    String text = fields.text("url");
    if (text.isEmpty()) {
      throw fields.fault("url", "is needed, such as http://prometheus.istio-system:9090");
    }
    return url(text).orElseThrow(() -> fields.fault("url", URL_FAULT));
  }

  /** What the URL of a server has to be. */
  public static final String URL_FAULT =
      "must be http:// or https:// with a host, and without a user, a query or a fragment:"
          + " credentials belong into the file, as authorization or basic_auth";

  /** The URL of a server; empty where it is none that may be asked. */
  public static Optional<URI> url(String text) {
    try {
      URI url = new URI(text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean plain =
          url.getRawUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
      return web && plain && url.getHost() != null ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private Access.Credential credential(Fields fields) throws PrometheusFileException {
    Optional<Fields> token =
        fields.object("authorization", sorted("type", "credentials", "credentials_file"));
    Optional<Fields> basic =
        fields.object("basic_auth", sorted("username", "password", "password_file"));
    if (token.isPresent() && basic.isPresent()) {
      throw fields.fault("basic_auth", "cannot be combined with authorization: give one of them");
    }
    if (token.isPresent()) {
      String type = token.get().text("type");
      String value = secret(token.get(), "credentials");
      if (!VALUE.matcher(type).matches() || !VALUE.matcher(value).matches()) {
        throw token.get().fault("credentials", "have what no header can hold");
      }
      return new Access.Credential.Token(type.isEmpty() ? "Bearer" : type, value);
    }
    if (basic.isPresent()) {
      return new Access.Credential.Basic(
          basic.get().text("username"), secret(basic.get(), "password"));
    }
    return new Access.Credential.None();
  }

  private String authorities(Fields fields) throws PrometheusFileException {
    Optional<Fields> tls = fields.object("tls_config", sorted("ca", "ca_file"));
    return tls.isPresent() ? secret(tls.get(), "ca") : "";
  }

  /** What stands in a field, or in the file that the field's twin names. */
  private String secret(Fields fields, String name) throws PrometheusFileException {
    String inline = fields.text(name);
    String fileName = fields.text(name + "_file");
    if (inline.isEmpty() == fileName.isEmpty()) {
      throw fields.fault(name, "or " + name + "_file is needed, one of them");
    }
    return inline.isEmpty() ? content(fields, name + "_file", fileName) : inline;
  }

  private String content(Fields fields, String name, String fileName)
      throws PrometheusFileException {
    try {
      Path path = file.toAbsolutePath().resolveSibling(fileName);
      if (Files.size(path) > MAX_BYTES) {
        throw fields.fault(name, path + " is longer than a MiB");
      }
      return Files.readString(path).strip();
    } catch (IOException e) {
      throw fields.fault(name, "cannot be read: " + e.getMessage());
    }
  }

  private static Set<String> sorted(String... names) {
    return new TreeSet<>(List.of(names));
  }
}
