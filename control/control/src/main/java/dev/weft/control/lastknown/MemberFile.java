package dev.weft.control.lastknown;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.config.ClusterFacts;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;

/**
 * What was known of a member cluster at some time, as a file of JSON and, in a second one, a line
 * of JSON for each change since. They hold what {@link ClusterFacts} holds, and so nothing secret:
 * neither credentials nor Secrets are among the facts.
 *
 * @param generation of the first file; lines of another one are not about it
 * @param changed when something was different for the last time
 */
record MemberFile(ClusterFacts facts, long generation, Instant changed) {
  private static final String FORMAT = "weft-member-cluster";
  private static final int VERSION = 3;
  private static final JsonMapper MAPPER = new JsonMapper();

  /** The first file's content. */
  byte[] write() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // One fact after the other: a tree of all of them would be many times as large as the file.
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeNumberField("version", VERSION);
      json.writeStringField("cluster", facts.id().value());
      json.writeNumberField("generation", generation);
      json.writeStringField("changed", changed.toString());
      for (Part<?, ?> part : Part.ALL) {
        part.all(json, facts);
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /**
   * Reads it back.
   *
   * @param cluster by the file's name
   * @throws IOException where the content is not that of such a file; the message says why
   */
  static MemberFile read(ClusterId cluster, byte[] content) throws IOException {
    JsonNode json = parse(content);
    if (!json.path("format").asText().equals(FORMAT)) {
      throw new IOException("it is not a file of the control plane's");
    }
    if (json.path("version").asInt() != VERSION) {
      throw new IOException(
          "it has the version "
              + json.path("version")
              + " of another control plane, not "
              + VERSION);
    }
    if (!json.path("cluster").asText().equals(cluster.value())) {
      throw new IOException("it is about the cluster " + json.path("cluster"));
    }
    Fields fields = new Fields(json, "");
    try {
      return new MemberFile(
          new ClusterFacts(
              cluster,
              SyncState.LAST_KNOWN,
              "",
              Part.SERVICES.all(fields),
              Part.SLICES.all(fields),
              Part.PODS.all(fields),
              Part.NODES.all(fields),
              Part.NAMESPACES.all(fields)),
          fields.number("generation"),
          fields.time("changed"));
    } catch (Fields.BrokenException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The line that leads from these facts to others; empty where they are the same. */
  byte[] line(ClusterFacts now, Instant at) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean any = false;
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("generation", generation);
      json.writeStringField("changed", at.toString());
      for (Part<?, ?> part : Part.ALL) {
        any |= part.changes(json, facts, now);
      }
      json.writeEndObject();
    }
    bytes.write('\n');
    return any ? bytes.toByteArray() : new byte[0];
  }

  /**
   * These facts as a line changes them; themselves where the line is about another generation.
   *
   * @throws IOException where it is not such a line, or not all of it
   */
  MemberFile after(byte[] line) throws IOException {
    Fields json = new Fields(parse(line), "");
    try {
      if (json.number("generation") != generation) {
        return this;
      }
      return new MemberFile(
          new ClusterFacts(
              facts.id(),
              facts.state(),
              "",
              Part.SERVICES.changed(facts, json),
              Part.SLICES.changed(facts, json),
              Part.PODS.changed(facts, json),
              Part.NODES.changed(facts, json),
              Part.NAMESPACES.changed(facts, json)),
          generation,
          json.time("changed"));
    } catch (Fields.BrokenException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The same, as the first file of the next generation. */
  MemberFile next(ClusterFacts now, Instant at) {
    return new MemberFile(now, generation + 1, at);
  }

  private static JsonNode parse(byte[] content) throws IOException {
    try {
      return MAPPER.readTree(content);
    } catch (JsonProcessingException e) {
      throw new IOException("it is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
