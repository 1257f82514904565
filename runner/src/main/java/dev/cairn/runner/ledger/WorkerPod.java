package dev.cairn.runner.ledger;

/**
 * The pod that does the work, for readers of the ledger.
 *
 * @param pod the pod's name
 * @param image the image it runs
 */
public record WorkerPod(String pod, String image) {}
