package io.heddle.cli.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What the demo made and found.
 *
 * @param page the file that shows it all
 * @param pictures the other files, in the order in which they were made
 * @param costs of each run of the sampler
 * @param facts that were checked
 * @param verdicts of the toy world's oracle; none if another model or other prompts were shown
 */
public record Outcome(Path page, List<Path> pictures, List<Cost> costs, List<Fact> facts, List<Verdict> verdicts) {
    /** Whether all checks have found what is claimed. */
    public boolean good() {
        return facts.stream().allMatch(Fact::holds) && verdicts.stream().allMatch(Verdict::agrees);
    }
}
