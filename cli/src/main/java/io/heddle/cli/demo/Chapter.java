package io.heddle.cli.demo;

import java.util.List;

/**
 * A part of the page.
 *
 * @param title its heading
 * @param text what there is to see
 * @param before the prompt whose words are not new
 * @param exhibits its pictures
 */
record Chapter(String title, String text, String before, List<Exhibit> exhibits) {}
