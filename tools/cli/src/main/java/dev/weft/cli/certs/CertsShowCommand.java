package dev.weft.cli.certs;

import dev.weft.ca.CaEntries;
import dev.weft.ca.CaStore;
import dev.weft.ca.Pem;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.MeshAccess;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft certs show}. Exits with 1 where a certificate has expired. */
@Command(
    name = "show",
    description = {
      "Which CA is in force, from which Secret, and what pods are told to trust. Keys are not read"
          + " out.",
      "Of the cluster of a control plane (--context), or of the config API of a hosted one."
    })
final class CertsShowCommand implements Callable<Integer> {
  private static final String BUNDLE = "istio-ca-root-cert";

  @Mixin private final MeshAccess access = new MeshAccess();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-i", "--istioNamespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "istio-system",
      description = "Where the control plane has its Secrets (default: ${DEFAULT-VALUE})")
  private String namespace = "istio-system";

  /**
   * One certificate.
   *
   * @param source Secret or ConfigMap, with its entry
   * @param fingerprint the first eight bytes of SHA-256, in hexadecimal digits
   * @param left whole days until it ends; negative where it has
   */
  record Row(
      String source,
      String subject,
      String issuer,
      String fingerprint,
      String from,
      String until,
      long left) {}

  @Override
  public Integer call() {
    List<Row> rows = new ArrayList<>();
    Instant now = Instant.now();
    try (KubernetesClient client = access.client(RunningLab.HERE)) {
      rows.addAll(signer(client, now));
      ConfigMap bundle = client.configMaps().inNamespace(namespace).withName(BUNDLE).get();
      if (bundle != null && bundle.getData() != null) {
        rows.addAll(rows("ConfigMap " + BUNDLE, CaEntries.ROOT, bundle.getData(), now));
      }
    }
    output.print(spec.commandLine().getOut(), rows, () -> table(rows));
    return rows.stream().anyMatch(row -> row.left() < 0) ? 1 : 0;
  }

  private List<Row> signer(KubernetesClient client, Instant now) {
    for (String name : List.of(CaStore.PLUGGED, CaStore.SELF_SIGNED)) {
      Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
      if (secret != null && secret.getData() != null) {
        List<Row> rows = new ArrayList<>();
        for (String entry : List.of(CaEntries.CERT, "tls.crt", CaEntries.CHAIN, CaEntries.ROOT)) {
          rows.addAll(rows("Secret " + name, entry, decoded(secret, entry), now));
        }
        return rows;
      }
    }
    throw CommandFailure.failed(
        "namespace "
            + namespace
            + " has neither Secret "
            + CaStore.PLUGGED
            + " nor "
            + CaStore.SELF_SIGNED
            + ": no control plane has signed here yet");
  }

  private static Map<String, String> decoded(Secret secret, String entry) {
    String value = secret.getData().get(entry);
    return value == null
        ? Map.of()
        : Map.of(entry, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
  }

  private static List<Row> rows(
      String source, String entry, Map<String, String> entries, Instant now) {
    String pem = entries.getOrDefault(entry, "");
    if (pem.isBlank()) {
      return List.of();
    }
    String where = source + " " + entry;
    try {
      return Pem.certificates(where, pem).stream().map(c -> row(where, c, now)).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private static Row row(String source, X509Certificate certificate, Instant now) {
    Instant until = certificate.getNotAfter().toInstant();
    return new Row(
        source,
        certificate.getSubjectX500Principal().getName(),
        certificate.getIssuerX500Principal().getName(),
        fingerprint(certificate),
        certificate.getNotBefore().toInstant().toString(),
        until.toString(),
        Math.floorDiv(Duration.between(now, until).toSeconds(), Duration.ofDays(1).toSeconds()));
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was parsed can be encoded", e);
    }
  }

  private static String table(List<Row> rows) {
    Table table = new Table("source", "subject", "issuer", "sha-256", "until", "days left");
    rows.forEach(
        row ->
            table.row(
                row.source(),
                row.subject(),
                row.subject().equals(row.issuer()) ? "itself" : row.issuer(),
                row.fingerprint(),
                row.until(),
                row.left() < 0 ? "expired" : Long.toString(row.left())));
    return table.render();
  }
}
