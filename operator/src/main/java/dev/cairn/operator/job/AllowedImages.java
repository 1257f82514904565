package dev.cairn.operator.job;

import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.operator.decide.PlanProblem;
import dev.cairn.plan.Work;
import java.util.List;

/** Which containers a target lets run: whoever may write a migration runs its container with the target's credentials. */
public final class AllowedImages {
    private AllowedImages() {}

    /**
     * Does nothing where the work is not a container.
     *
     * @param target its name, for the message
     * @throws IllegalArgumentException if no pattern of the target matches the image
     */
    public static void require(Work work, String target, MigrationTargetSpec spec) {
        if (work instanceof Work.Container container) require(container.image(), target, spec);
    }

    /**
     * Asked before a container begins, and again before it goes on.
     *
     * @param target its name, for the message
     * @throws IllegalArgumentException if no pattern of the target matches the image
     */
    public static void require(String image, String target, MigrationTargetSpec spec) {
        List<String> patterns =
                spec.containers() == null ? List.of() : spec.containers().allowedImages();
        if (patterns.stream().anyMatch(pattern -> matches(pattern, image))) return;
        throw (patterns.isEmpty()
                        ? new PlanProblem.ContainersNotAllowed(target, image)
                        : new PlanProblem.ImageNotAllowed(target, image, patterns))
                .asException();
    }

    /**
     * The whole name; {@code *} stands for any characters but a slash, so that it names no other registry. Only the last
     * star is ever tried again: what an earlier one took leaves the later ones the most room. So it takes at most as many
     * steps as pattern times image, whatever the pattern.
     */
    static boolean matches(String pattern, CharSequence image) {
        int wanted = 0;
        int found = 0;
        int afterStar = -1;
        int starEnds = 0;
        while (found < image.length()) {
            char next = image.charAt(found);
            if (wanted < pattern.length() && pattern.charAt(wanted) == '*') {
                afterStar = ++wanted;
                starEnds = found;
            } else if (wanted < pattern.length() && pattern.charAt(wanted) == next) {
                wanted++;
                found++;
            } else if (afterStar >= 0 && image.charAt(starEnds) != '/') {
                wanted = afterStar;
                found = ++starEnds;
            } else {
                return false;
            }
        }
        return pattern.substring(wanted).chars().allMatch(rest -> rest == '*');
    }
}
