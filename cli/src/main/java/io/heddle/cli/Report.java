package io.heddle.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;

/** What a command found out or made, for programs and for people. */
interface Report {
    /** The whole result, for {@code --json}. */
    JsonObject json();

    /** The result in words. */
    void print(PrintStream out);
}
