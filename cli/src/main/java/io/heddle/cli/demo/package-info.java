/** The demo: a few edits on one model, checked while they run, on one page. */
@NullMarked
package io.heddle.cli.demo;

import org.jspecify.annotations.NullMarked;
