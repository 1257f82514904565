package dev.cairn.operator.job;

import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.operator.decide.PlanProblem;
import dev.cairn.plan.Work;
import java.util.List;

/**
 * Checks which containers a target allows: a user who may write a migration runs its container with the target's
 * credentials.
 */
public final class AllowedImages {
    private AllowedImages() {}

    /**
     * Checks the image of a container. Other work needs no check.
     *
     * @param target its name, for the message
     * @throws IllegalArgumentException if no pattern of the target matches the image
     */
    public static void require(Work work, String target, MigrationTargetSpec spec) {
        if (work instanceof Work.Container container) require(container.image(), target, spec);
    }

    /**
     * Checks an image, before a container starts and before it resumes.
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
     * Compares the whole name. {@code *} matches any characters except a slash, so that it cannot match another
     * registry. Only the last star is retried: the shortest match of an earlier star leaves the most room for the later
     * ones. So the steps are at most the length of the pattern times the length of the image, for any pattern.
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
