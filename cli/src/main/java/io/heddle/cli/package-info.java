/** The command line: parses arguments, calls the library, prints results. The only package that talks to the terminal. */
@NullMarked
package io.heddle.cli;

import org.jspecify.annotations.NullMarked;
