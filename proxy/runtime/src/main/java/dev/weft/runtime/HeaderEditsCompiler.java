package dev.weft.runtime;

import dev.weft.routing.HeaderEdits;
import dev.weft.types.HeaderText;
import dev.weft.xds.client.ProtoFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Changes of headers, as many resources have them. */
final class HeaderEditsCompiler {
  private static final Set<String> FRAMING =
      Set.of("connection", "content-length", "transfer-encoding", "host", ":authority");

  private HeaderEditsCompiler() {}

  static HeaderEdits edits(ProtoFields in, int add, String addName, int remove) {
    List<HeaderEdits.Edit> edits = in.each(add, addName, HeaderEditsCompiler::edit);
    List<String> removed = in.texts(remove).stream().map(n -> name(in, n)).toList();
    return edits.isEmpty() && removed.isEmpty()
        ? HeaderEdits.NONE
        : new HeaderEdits(removed, edits);
  }

  private static HeaderEdits.Edit edit(ProtoFields in) {
    ProtoFields header = in.required(1, "header");
    String value =
        header.has(3) ? new String(header.bytes(3), StandardCharsets.UTF_8) : header.text(2);
    Long append = in.wrapped(2);
    int actions = in.integer(3);
    HeaderEdits.Action action;
    if (append != null) {
      action =
          append != 0
              ? HeaderEdits.Action.APPEND_IF_EXISTS_OR_ADD
              : HeaderEdits.Action.OVERWRITE_IF_EXISTS_OR_ADD;
    } else {
      action =
          switch (actions) {
            case 0 -> HeaderEdits.Action.APPEND_IF_EXISTS_OR_ADD;
            case 1 -> HeaderEdits.Action.ADD_IF_ABSENT;
            case 2 -> HeaderEdits.Action.OVERWRITE_IF_EXISTS_OR_ADD;
            case 3 -> HeaderEdits.Action.OVERWRITE_IF_EXISTS;
            default -> throw in.reject("append_action", "unknown value");
          };
    }
    if (!HeaderText.isValue(value)) {
      throw header.reject("value", "has a line end or a zero byte");
    }
    if (value.indexOf('%') >= 0) {
      try {
        LogFormatParser.parse(value);
      } catch (IllegalArgumentException e) {
        throw header.reject("value", String.valueOf(e.getMessage()));
      }
    }
    return new HeaderEdits.Edit(name(header, header.text(1)), value, action, in.bool(4));
  }

  /** An edit of a header that neither frames nor routes a message. */
  static HeaderEdits.Edit plain(ProtoFields in) {
    HeaderEdits.Edit edit = edit(in);
    String unused = plainName(in, edit.name());
    return edit;
  }

  /** The name of a header that neither frames nor routes a message, in lower case. */
  static String plainName(ProtoFields in, String name) {
    String lower = name(in, name);
    if (FRAMING.contains(lower)) {
      throw in.reject("key", "'" + lower + "' is not for a filter to change");
    }
    return lower;
  }

  private static String name(ProtoFields in, String name) {
    if (!HeaderText.isName(name) && !name.equals(":authority")) {
      throw in.reject("key", "'" + name + "' is not the name of a header");
    }
    return name.toLowerCase(Locale.ROOT);
  }
}
