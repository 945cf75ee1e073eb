package io.heddle.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.clip.Tokenizer;
import io.heddle.clip.Word;
import io.heddle.clip.Words;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A text as the text encoder reads it: ids and vocabulary entries of the whole context, and the positions of each word. */
record TokenizedText(List<Integer> ids, List<String> tokens, List<Word> words) implements Report {
    static TokenizedText of(Tokenizer tokenizer, String text, boolean truncate) {
        int[] ids = truncate ? tokenizer.encodeTruncated(text) : tokenizer.encodePadded(text);
        return new TokenizedText(
                Arrays.stream(ids).boxed().toList(), Arrays.stream(ids).mapToObj(tokenizer::symbol).toList(), words(tokenizer, text));
    }

    /** The words of a text, with the positions that lie in the context; where the text is too long, the last ones have none. */
    static List<Word> words(Tokenizer tokenizer, String text) {
        int last = tokenizer.contextLength() - 1;
        return Words.exact(tokenizer, text).list().stream()
                .map(word -> new Word(word.text(), word.start(), word.positions().stream().filter(position -> position < last).toList()))
                .toList();
    }

    @Override
    public JsonObject json() {
        JsonObject json = new JsonObject();
        json.add("ids", ids.stream().collect(JsonArray::new, JsonArray::add, JsonArray::addAll));
        json.add("tokens", tokens.stream().collect(JsonArray::new, JsonArray::add, JsonArray::addAll));
        JsonArray list = new JsonArray();
        for (Word word : words) {
            JsonObject entry = new JsonObject();
            entry.addProperty("word", word.text());
            entry.add("positions", word.positions().stream().collect(JsonArray::new, JsonArray::add, JsonArray::addAll));
            list.add(entry);
        }
        json.add("words", list);
        return json;
    }

    @Override
    public void print(PrintStream out) {
        int used = words.stream().flatMap(word -> word.positions().stream()).mapToInt(Integer::intValue).max().orElse(0) + 2;
        out.println("position     id  token                 word");
        for (int i = 0; i < used; i++) {
            int position = i;
            String owner = words.stream().filter(word -> word.positions().contains(position)).map(Word::text).collect(Collectors.joining(" "));
            out.println("%8d %6d  %-20s  %s".formatted(i, ids.get(i), tokens.get(i), owner).stripTrailing());
        }
        out.println(used + " of " + ids.size() + " positions used");
    }
}
