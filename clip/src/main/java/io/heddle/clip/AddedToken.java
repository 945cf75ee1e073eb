package io.heddle.clip;

import com.google.gson.JsonDeserializationContext;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A token that is looked for literally, before the text is split.
 *
 * @param content the literal
 * @param normalized whether it is looked for in the normalised text (so that case does not count) instead of the text as given
 * @param id its id, where the file says one
 */
record AddedToken(String content, boolean normalized, @Nullable Integer id) {
    /** In JSON: the literal as a string, or an object with the literal as {@code content}. */
    static final class Reader implements JsonDeserializer<AddedToken> {
        @Override
        public AddedToken deserialize(JsonElement json, Type type, JsonDeserializationContext context) {
            if (!(json instanceof JsonObject fields)) {
                return new AddedToken(context.<String>deserialize(json, String.class), false, null);
            }
            String content = context.deserialize(fields.get("content"), String.class);
            if (content == null || content.isEmpty()) {
                throw new JsonParseException("an added token without content: " + json);
            }
            boolean normalized = Boolean.TRUE.equals(context.<Boolean>deserialize(fields.get("normalized"), Boolean.class));
            return new AddedToken(content, normalized, context.<Integer>deserialize(fields.get("id"), Integer.class));
        }
    }
}
