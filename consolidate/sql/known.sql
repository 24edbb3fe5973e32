-- One row an episode that is known of a touched session.
SELECT
    episodes.id, episodes.run, FALSE AS deleted, episodes.project, episodes.session, episodes.ordinal,
    episodes.agents, episodes.title, episodes.started_at, episodes.ended_at, episodes.events,
    episodes.first_event, episodes.last_event, episodes.outcome, episodes.failures, episodes.tools,
    episodes.files, episodes.cut
FROM touched
INNER JOIN episodes ON episodes.session = touched.session
