package dev.weft.xds.client;

/**
 * The configuration of an extension.
 *
 * @param type the full message name ({@code envoy.extensions.filters.http.router.v3.Router})
 * @param fields the message; for a {@code TypedStruct} the {@code Struct} in it
 * @param struct true: {@code fields} is a {@code google.protobuf.Struct}
 */
public record TypedConfig(String type, ProtoFields fields, boolean struct) {

  static TypedConfig of(String url, ProtoFields config) {
    String type = url.substring(url.lastIndexOf('/') + 1);
    if (type.equals("udpa.type.v1.TypedStruct") || type.equals("xds.type.v3.TypedStruct")) {
      String inner = config.text(1);
      ProtoFields value = config.message(2, "value");
      return new TypedConfig(
          inner.substring(inner.lastIndexOf('/') + 1),
          value == null ? ProtoFields.of(new byte[0], config.path()) : value,
          true);
    }
    return new TypedConfig(type, config, false);
  }

  /** Whether the message has this full name. */
  public boolean is(String name) {
    return type.equals(name);
  }
}
