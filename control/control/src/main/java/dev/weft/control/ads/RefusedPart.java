package dev.weft.control.ads;

import dev.weft.config.ObjectRef;
import dev.weft.translate.ResourceOrigin;
import dev.weft.xds.Refusal;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a resource that a proxy refuses.
 *
 * @param resource its name
 * @param object what the part was made of; empty where that is not known
 * @param field the path of the field that is not accepted; empty where the proxy does not say
 * @param reason in the proxy's words
 */
public record RefusedPart(
    XdsType type, String resource, Optional<ObjectRef> object, String field, String reason) {
  /**
   * A field and a colon, at the beginning and behind a semicolon: so our own proxies say what they
   * refuse of a resource.
   */
  private static final Pattern FIELD =
      Pattern.compile(
          "(?:^|; )([a-z][a-z0-9_]*(?:\\[[^\\]]*])?(?:\\.[A-Za-z0-9_-]+(?:\\[[^\\]]*])?)*): ");

  /** The parts of a refusal, one at least. */
  static List<RefusedPart> of(XdsType type, Refusal refusal) {
    String message = refusal.message();
    Matcher fields = FIELD.matcher(message);
    List<RefusedPart> parts = new ArrayList<>();
    String field = "";
    int from = 0;
    while (fields.find()) {
      if (fields.start() > 0 && from == 0) {
        break;
      }
      if (from > 0) {
        parts.add(part(type, refusal, field, message.substring(from, fields.start())));
      }
      field = fields.group(1);
      from = fields.end();
    }
    parts.add(part(type, refusal, field, message.substring(from)));
    return List.copyOf(parts);
  }

  private static RefusedPart part(XdsType type, Refusal refusal, String field, String reason) {
    return new RefusedPart(
        type,
        refusal.resource().name(),
        type == XdsType.SECRET
            ? Optional.empty()
            : ResourceOrigin.of(refusal.resource().body(), field),
        field,
        reason);
  }

  /** In one line: the resource, the object where it is known, the field and the reason. */
  public String line() {
    return resource
        + object.map(made -> " of " + made).orElse("")
        + ": "
        + (field.isEmpty() ? "" : field + ": ")
        + reason;
  }

  /** For people: {@code route table 8000}. */
  String subject() {
    return switch (type) {
          case CLUSTER -> "cluster ";
          case ENDPOINT -> "endpoints of cluster ";
          case LISTENER -> "listener ";
          case ROUTE -> "route table ";
          case VIRTUAL_HOST -> "virtual host ";
          case SECRET -> "secret ";
          case EXTENSION_CONFIG -> "extension ";
          case NAME_TABLE -> "name table ";
        }
        + resource;
  }
}
