package dev.weft.runtime;

import dev.weft.routing.IpLiteral;
import dev.weft.xds.client.ProtoFields;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Istio's {@code NameTable} (NDS). */
final class NameTableCompiler {
  private NameTableCompiler() {}

  static NameTable compile(ProtoFields table) {
    Map<String, NameTable.Entry> entries = new HashMap<>();
    table
        .map(1, "table")
        .forEach(
            (host, info) ->
                entries.put(
                    canonical(host),
                    new NameTable.Entry(
                        info.texts(1).stream().filter(IpLiteral::is).toList(),
                        info.text(3),
                        info.text(4))));
    return new NameTable(entries, true);
  }

  private static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
