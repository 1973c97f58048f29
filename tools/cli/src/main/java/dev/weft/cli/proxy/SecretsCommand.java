package dev.weft.cli.proxy;

import static dev.weft.cli.proxy.ConfigDump.field;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code weft proxy-config secrets}. */
@Command(
    name = "secrets",
    aliases = {"secret", "s"},
    description =
        "Certificates in use: identity, serial number, validity. Keys never leave the proxy.")
final class SecretsCommand extends PodCommand {
  @Override
  List<JsonNode> select(ProxyAdmin admin, Pod target) {
    List<JsonNode> certificates = new ArrayList<>();
    admin.json(target, "certs").path("certificates").forEach(certificates::add);
    return certificates;
  }

  @Override
  String table(List<JsonNode> certificates) {
    Table table = new Table("type", "identity", "serial number", "valid from", "expires");
    for (JsonNode certificate : certificates) {
      rows(table, "Cert Chain", field(certificate, "cert_chain"));
      rows(table, "CA", field(certificate, "ca_cert"));
    }
    return table.render();
  }

  private static void rows(Table table, String type, JsonNode details) {
    for (JsonNode one : details) {
      JsonNode names = field(one, "subject_alt_names");
      table.row(
          type,
          names.path(0).path("uri").asText(),
          field(one, "serial_number").asText(),
          field(one, "valid_from").asText(),
          field(one, "expiration_time").asText());
    }
  }
}
