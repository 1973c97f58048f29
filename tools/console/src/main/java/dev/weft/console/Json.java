package dev.weft.console;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** The records of the API as JSON, and back. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addSerializer(new OrEmpty()))
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** What is not there is an empty string. */
  private static final class OrEmpty extends StdSerializer<Optional<?>> {
    private static final long serialVersionUID = 1;

    OrEmpty() {
      super(Optional.class, false);
    }

    @Override
    public void serialize(
        Optional<?> value, JsonGenerator generator, SerializerProvider serializers)
        throws IOException {
      generator.writeString(value.map(Object::toString).orElse(""));
    }
  }

  /** For code that writes types of it. */
  static JsonMapper mapper() {
    return MAPPER;
  }

  static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records are JSON", e);
    }
  }

  /**
   * Reads what somebody sent; every field has to be there.
   *
   * @param what it should be, for the message
   */
  static <T> T read(String text, Class<T> type, String what) throws ProblemException {
    try {
      T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw ProblemException.badRequest("the body is null, but should be " + what);
      }
      return value;
    } catch (JsonMappingException e) {
      String field =
          e.getPath().stream()
              .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
              .collect(Collectors.joining("."));
      throw ProblemException.badRequest(
          "the body is not "
              + what
              + (field.isEmpty() ? "" : ", at " + field)
              + ": "
              + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw ProblemException.badRequest("the body is no JSON: " + e.getOriginalMessage());
    }
  }
}
