package dev.weft.translate;

import dev.weft.xds.nds.NameTable;

/** DNS names. Istio: pkg/dns/server/name_table.go. */
final class NameTableTranslator {
  private NameTableTranslator() {}

  static NameTable translate(NameTableInputs in) {
    NameTable.Builder table = NameTable.newBuilder();
    in.names()
        .forEach(
            (host, entry) ->
                table.putTable(
                    host,
                    NameTable.NameInfo.newBuilder()
                        .addAllIps(entry.ips())
                        .setRegistry(entry.namespace().isEmpty() ? "External" : "Kubernetes")
                        .setShortname(entry.shortName())
                        .setNamespace(entry.namespace())
                        .build()));
    return table.build();
  }
}
