package dev.staffetta.cluster;

import org.apache.pekko.actor.typed.ActorRef;

/** May I join? */
record AdmissionRequest(Applicant applicant, ActorRef<AdmissionAnswer> replyTo)
    implements AdmissionMessage, Admission.Command {}
