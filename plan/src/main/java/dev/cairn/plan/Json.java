package dev.cairn.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;

/**
 * The JSON form of all types of this package: sorted, without nulls. Operator and runner may have different versions. A
 * plan with an unknown field is refused. In all other types unknown fields are ignored.
 */
public final class Json {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .configure(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, true)
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true)
            .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, true)
            .configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, true)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();
    private static final JsonMapper LENIENT = STRICT.rebuild()
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
            .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, false)
            .configure(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE, true)
            .build();

    private Json() {}

    /** The value as one line of JSON. */
    public static String write(Object value) {
        try {
            return STRICT.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of this package has no JSON form: " + value.getClass(), e);
        }
    }

    /** The same in UTF-8, without a copy in memory; the stream stays open. */
    static void write(Object value, OutputStream out) {
        try {
            STRICT.writer().without(JsonGenerator.Feature.AUTO_CLOSE_TARGET).writeValue(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(value.getClass() + " cannot be written as JSON", e);
        }
    }

    /**
     * Ignores unknown fields. A missing number is 0; any other missing value is null.
     *
     * @throws IllegalArgumentException if the text is not such a value; the message says at which place
     */
    public static <T> T read(String json, Class<T> type) {
        return read(LENIENT, json, type);
    }

    /** @throws IllegalArgumentException as {@link #read} throws it, and for a field that the type does not have */
    static <T> T readStrictly(String json, Class<T> type) {
        return read(STRICT, json, type);
    }

    /** The same from a stream. */
    static <T> T readStrictly(Reader json, Class<T> type) throws IOException {
        return read(STRICT, json, type);
    }

    private static <T> T read(JsonMapper mapper, String json, Class<T> type) {
        try {
            return read(mapper, new StringReader(json), type);
        } catch (IOException e) {
            throw new UncheckedIOException("a text does not fail to be read", e);
        }
    }

    private static <T> T read(JsonMapper mapper, Reader json, Class<T> type) throws IOException {
        try {
            var value = mapper.readValue(json, type);
            if (value == null) throw new IllegalArgumentException("not a " + type.getSimpleName() + ": null");
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
