package dev.weft.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a message as protobuf has it in JSON, and keeps what it reads. Confined to one reading. */
final class MessageReader {
  /** protobuf: google/protobuf/duration.proto. */
  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?s");

  private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");

  private final TreeReader in;
  private final boolean part;
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private boolean carriedOut = true;

  MessageReader(TreeReader in) {
    this(in, false);
  }

  private MessageReader(TreeReader in, boolean part) {
    this.in = in;
    this.part = part;
  }

  /** Reads what is merged into another message, so that it need not be complete. */
  static MessageReader ofPart(TreeReader in) {
    return new MessageReader(in, true);
  }

  /** For what is wrong with it. */
  TreeReader in() {
    return in;
  }

  /** What was read, in order. */
  Map<String, Object> fields() {
    return fields;
  }

  /** Whether it has nothing that would have another effect than it says. */
  boolean carriedOut() {
    return carriedOut;
  }

  String text(String key) {
    String text = in.string(key);
    if (in.has(key)) {
      fields.put(key, text);
    }
    return text;
  }

  List<String> texts(String key) {
    List<String> texts = in.strings(key);
    if (!texts.isEmpty()) {
      fields.put(key, texts);
    }
    return texts;
  }

  String choice(String key, String... words) {
    String word = in.choice(key, words);
    if (!word.isEmpty()) {
      fields.put(key, word);
    }
    return word;
  }

  @Nullable Boolean flag(String key) {
    Boolean flag = in.optionalBool(key);
    if (flag != null) {
      fields.put(key, flag);
    }
    return flag;
  }

  @Nullable Integer whole(String key, int min, int max) {
    Integer whole = in.optionalInteger(key, min, max);
    if (whole != null) {
      fields.put(key, whole);
    }
    return whole;
  }

  /** In seconds; empty where none is written that can be read. */
  String duration(String key) {
    String text = text(key);
    if (!text.isEmpty() && !SECONDS.matcher(text).matches()) {
      in.error(key, "'" + text + "' is not in seconds, as messages have it: write 60s or 0.5s");
      return "";
    }
    return text;
  }

  /** A field without which a whole message is refused. */
  void missing(String key, String what) {
    if (!part || in.has(key)) {
      in.error(key, what);
    }
  }

  /** Whether it is there. */
  boolean message(String key, Consumer<MessageReader> read) {
    Map<String, Object> message = in.object(key, reader -> inner(reader, part, read));
    if (message != null) {
      fields.put(key, message);
    }
    return message != null;
  }

  /** How many there are. */
  int messages(String key, int most, Consumer<MessageReader> read) {
    return messagesOf(key, most, read).size();
  }

  /** Those that there are. What is in a list is complete, as nothing is merged into it. */
  List<Map<String, Object>> messagesOf(String key, int most, Consumer<MessageReader> read) {
    List<Map<String, Object>> messages = in.objects(key, reader -> inner(reader, false, read));
    if (messages.size() > most) {
      in.error(key, "there are " + messages.size() + "; at most " + most + " are allowed");
    }
    if (!messages.isEmpty()) {
      fields.put(key, List.copyOf(messages));
    }
    return messages;
  }

  private Map<String, Object> inner(
      TreeReader reader, boolean ofPart, Consumer<MessageReader> read) {
    MessageReader message = new MessageReader(reader, ofPart);
    read.accept(message);
    carriedOut &= message.carriedOut;
    return message.fields;
  }

  /** What was read elsewhere and belongs here. */
  void takeFrom(MessageReader other) {
    fields.putAll(other.fields);
    carriedOut &= other.carriedOut;
  }

  void wholes(String key, int min, int max) {
    List<Object> wholes = new ArrayList<>();
    for (String text : in.strings(key)) {
      Integer whole = WHOLE.matcher(text).matches() ? Integer.valueOf(text) : null;
      if (whole == null || whole < min || whole > max || wholes.contains(whole)) {
        in.error(key, "'" + text + "' is not one more whole number from " + min + " to " + max);
      } else {
        wholes.add(whole);
      }
    }
    if (!wholes.isEmpty()) {
      fields.put(key, wholes);
    }
  }

  /** A value of our own in the place of what was written. */
  void put(String key, Object value) {
    fields.put(key, value);
  }

  /** Fields without which the message would have another effect than its author wants. */
  void notCarriedOut(String... keys) {
    for (String key : keys) {
      if (in.has(key)) {
        leftOut(key, "proxies do not know it");
      }
    }
  }

  void leftOut(String key, String why) {
    in.warning("unsupported-field", key, "this is not supported, so the patch is left out: " + why);
    carriedOut = false;
  }

  /** A key of Envoy's runtime, which nobody sets here. */
  void runtimeKey() {
    if (!text("runtime_key").isEmpty()) {
      in.note("no-runtime", "runtime_key", "proxies have no runtime: default_value holds");
    }
  }

  /** A field that changes nothing here, and that other proxies get. */
  void withoutEffect(String key, String why) {
    Object value = in.any(key);
    if (value != null) {
      in.warning("unsupported-field", key, "this changes nothing: " + why);
    }
  }
}
