package io.heddle.toyworld;

import java.util.List;
import java.util.Locale;

/** What a thing is. */
public enum Kind {
    BALL(false, Pose.STILL),
    BOX(false, Pose.STILL),
    STAR(false, Pose.STILL),
    HEART(false, Pose.STILL),
    TREE(false, Pose.STILL),
    HOUSE(false, Pose.STILL),
    FISH(true, Pose.STILL),
    BIRD(true, Pose.SITTING, Pose.FLYING),
    CAT(true, Pose.SITTING, Pose.LYING),
    FLOWER(false, Pose.OPEN, Pose.CLOSED);

    private final boolean sided;
    private final List<Pose> poses;

    Kind(boolean sided, Pose... poses) {
        this.sided = sided;
        this.poses = List.of(poses);
    }

    /** The noun of captions. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether things of this kind look to the right or, flipped, to the left. */
    public boolean sided() {
        return sided;
    }

    /** The poses that things of this kind can take, at least one. */
    public List<Pose> poses() {
        return poses;
    }
}
