### What an athlete reads, in English: plain and kind. No jargon, no word that frightens, and no blame; a test holds
### every word of this file against a list.
###
### Every variable may be "none": the measure of that name was not part of the reason. A message has to stay a good
### sentence then. `$pain-during` is what was observed of the measure PAIN_DURING, `$pain-during-limit` what it was held
### against. Beside the measures there are, for every reason:
###
### $code, $outcome, $ask: names, such as PAIN_RED, STEP_BACK and REVIEW; $ask is none if the physio need not look
### $seen: what was answered or done, each with its limit, made of the clauses below; a part of a sentence
### $items: what was clearly lower than usual, made of the items below; a part of a sentence
### $tier: how soon a red flag is to be looked at: EMERGENCY, SELF_HARM, SAME_DAY or WITHIN_72_HOURS
### $fits: yes if a rung was found whose dose is within the limit of a layoff
### $rest-ends: ON_DATE or AT_HOUR, by what binds longer; none if there is no rest
###
### CAPITAL begins a sentence with a part of one. DECIMAL shows a number of small units in larger ones.

## Headlines. $from and $to are rungs; none where a decision is about the whole plan.

headline-red-flag =
    { $tier ->
        [EMERGENCY] Stop here and call the emergency number now
        [SELF_HARM] Stop here and call for help now
        [WITHIN_72_HOURS] Pause and be seen within three days
       *[SAME_DAY] Pause and be seen today
    }
headline-ladder-done = The top of this ladder is reached
headline-unlocked =
    { $to ->
        [none] This part of your plan is open now
       *[other] This part of your plan is open now: start on rung { $to }
    }
headline-start =
    { $outcome ->
        [HOLD] The plan has a start date
       *[other] The plan is started
    }
headline-illness = Get well first; the plan waits for you
headline-readiness-low = Take it easier today
headline-await-morning = Well done; see how the morning is
headline-pause =
    { $to ->
        [none] Pause and talk to your physio
       *[other] Pause on rung { $to } and talk to your physio
    }
headline-step-back =
    { $to ->
        [none] Step back
       *[other] Step back to rung { $to }
    }
headline-hold =
    { $to ->
        [none] { $ask ->
            [none] Thank you; nothing moves for now
           *[other] Your physio will look at this with you
        }
       *[other] Hold on rung { $to }
    }
headline-repeat =
    { $to ->
        [none] Go on as before
       *[other] Stay on rung { $to }
    }
headline-advance =
    { $to ->
        [none] Go up
       *[other] Go up to rung { $to }
    }

## What else follows. $hour and $minute: the time from which on a session fits; none if the date alone counts.

next-session =
    The next session fits from { date }{ $hour ->
        [none] { " " }on.
       *[other] , { $hour }:{ $minute } on.
    }
asked =
    { $ask ->
        [URGENT] Your physio is asked to look now.
       *[REVIEW] Your physio is asked to look.
    }

## What was answered or done, as a part of a sentence. $value was observed and $limit is what it was held against.

clause-pain-before = pain before was { $value } (the limit is { $limit })
clause-pain-during = pain during was { $value } (the limit is { $limit })
clause-pain-after = pain after was { $value } (the limit is { $limit })
clause-morning-pain-over-baseline = pain was { $value } over the usual (it is to stay below { $limit })
clause-stiffness-over-baseline =
    stiffness was { $value ->
        [one] one minute
       *[other] { $value } minutes
    } over the usual (it is to stay below { $limit })
clause-altered-gait =
    { $value ->
        [yes] the way of moving changed
       *[no] { "" }
    }
clause-swelling =
    { $value ->
        [INCREASED] there was more swelling
       *[other] { "" }
    }
clause-completion =
    { $value } % of what was planned was done { $code ->
        [UNDERDONE] (from { $limit } % on it counts)
       *[other] (up to { $limit } % is fine)
    }
clause-rung = rung { $value } was done where rung { $limit } was planned
clause-advances-in-7-days =
    there { $value ->
        [one] was one step up
       *[other] were { $value } steps up
    } within 7 days, and the plan has room for { $limit }
clause-session-date = sessions lead up again from { $limit } on

## What was clearly lower than usual, as a part of a sentence.

item-sleep = sleep
item-energy = energy
item-calm = calm
item-mood = mood
item-freshness = freshness
item-fuelling = eating and drinking

## Beginnings that several messages share.

opening =
    { $seen ->
        [none] The response was more than hoped
       *[other] { CAPITAL($seen) }
    }
morning-after =
    The morning after: { $seen ->
        [none] the response was more than hoped
       *[other] { $seen }
    }.
beside-the-plan =
    { $activity ->
        [RUN] A run beside the plan
       *[other] An activity beside the plan
    }: { $seen ->
        [none] the response was more than hoped
       *[other] { $seen }
    }.
rest-until =
    { $rest-ends ->
        [AT_HOUR] { $session-at-limit }
       *[ON_DATE] { $session-date-limit }
    }

## Reasons, in the order of their severity.

reason-red-flag =
    You reported a sign that a clinician should look at before the next session. { $tier ->
        [EMERGENCY] Call the emergency number now, or have somebody call it.
        [SELF_HARM] Please do not stay alone with this: call the emergency number or a crisis line now, or ask somebody to do it with you.
        [WITHIN_72_HOURS] Please be seen by a doctor or your physio within three days.
       *[SAME_DAY] Please be seen by a doctor or your physio today.
    }
reason-paused =
    { $paused-since ->
        [none] The plan is paused
       *[other] The plan has been paused since { $paused-since }
    }; your physio will say how to go on.
reason-red-again = The body asked for less twice within a few sessions, so the plan pauses until you have talked to your physio.
reason-at-bottom = This is the first rung already, so your physio will look at the next step with you.
reason-needs-clearance =
    It has been { $days-without-session ->
        [none] a long time
        [one] one day
       *[other] { $days-without-session } days
    } since the last session{ $days-without-session-limit ->
        [none] { "" }
       *[other] { " " }(from { $days-without-session-limit } on this is always so)
    }, so your physio looks first.
reason-bone-pain =
    { $outcome ->
        [REPEAT] { opening }, so this session does not count.
        [HOLD] { opening }. Bone needs sessions without pain, so a little rest first; the rung is low enough already.
       *[STEP_BACK] { opening }. Bone needs sessions without pain, so one step down and a little rest.
    }
reason-pain-red =
    { $outcome ->
        [REPEAT] { opening }, so this session does not count.
        [HOLD] { opening }, so a little rest first; the rung is low enough already.
       *[STEP_BACK] { opening }, so one step down to where it felt secure.
    }
reason-morning-red = { morning-after } That was more than the body wanted.
reason-unplanned-red = { beside-the-plan } The running parts of your plan wait until that has settled.
reason-other-track-red =
    { $track ->
        [none] Another running part of your plan asked for rest, so this one waits too.
       *[other] “{ $track }” asked for rest, so this part of your plan waits too.
    }
reason-amber-thrice =
    { $not-green-in-a-row ->
        [none] Several sessions in a row were
        [one] One session was
       *[other] { $not-green-in-a-row } sessions in a row were
    } a little too much{ $not-green-in-a-row-limit ->
        [none] { "" }
       *[other] { " " }(from { $not-green-in-a-row-limit } on the plan goes lower where it can)
    }{ $outcome ->
        [REPEAT] ; the rung is low enough already.
       *[other] , so a lower rung gives room to settle.
    }
reason-spike =
    { $distance-m ->
        [none] This run was much longer than any of the last 30 days
       *[other] This run was { DECIMAL($distance-m, per: 1000, places: 1) } km{ $longest-m ->
            [none] , much longer than any of the last 30 days
           *[other] ; the longest of the 30 days before was { DECIMAL($longest-m, per: 1000, places: 1) } km
        }
    }, so a day more of rest.
reason-pain-amber =
    { $activity ->
        [none] { opening }, so one more day of rest, and this session does not count.
       *[other] { beside-the-plan } So one more day of rest.
    }
reason-morning-amber = { morning-after } A little more rest, and the session does not count.
reason-layoff =
    { $gap-days ->
        [none] There was a break after this session, so it does not count.
       *[other] { $event-date-limit ->
            [none] There was a break, { layoff-gap }, so { layoff-step }.
           *[other] There was a break. Counted to { $event-date-limit }, when your physio's look fell due, it was { layoff-gap }, so { layoff-step }.
        }
    }
layoff-gap =
    { $gap-days ->
        [one] one day
       *[other] { $gap-days } days
    } more than the usual spacing
layoff-step =
    { $outcome ->
        [STEP_BACK] { $fits ->
            [yes] a rung of at most { $dose-percent-limit } % of the last amount makes it easy to come back
           *[no] the first rung makes it easy to come back
        }
       *[other] the same rung is counted anew
    }
reason-morning-missing =
    { $session-date ->
        [none] No morning report came{ $hours-since-session-limit ->
            [none] { "" }
           *[other] { " " }within { $hours-since-session-limit } hours
        }, so this session does not count.
       *[other] Another session came before its morning report, so it does not count.
    }
reason-silent =
    { $mornings-missing ->
        [none] Some mornings in a row are missing
        [one] One morning is missing
       *[other] { $mornings-missing } mornings in a row are missing
    }; your physio will ask how things are.
reason-illness =
    { $well-from-limit ->
        [none] Get well first; the plan waits for you.
       *[other] You are just well again: sessions lead up again from { $well-from-limit } on. The plan waits for you.
    }
reason-illness-long =
    You have been unwell for { $ill-days ->
        [none] a week
        [one] one day
       *[other] { $ill-days } days
    }, so your physio will get in touch.
reason-weekly-trend = Mornings have been getting a little harder over three weeks, so your physio looks at the plan.
reason-late =
    { $session-at ->
        [none] { $session-date ->
            [none] This report is of an earlier day than the last one; it is kept for the record.
           *[other] { $outcome ->
                [HOLD] The session of { $session-date } was closed before this morning came, so this morning changes nothing.
               *[other] The session of { $session-date } was closed before this morning came; it does not count any more.
            }
        }
       *[other] { $outcome ->
            [REPEAT] A session before this one was reported after it and asked for rest, so this one does not count.
           *[other] This session was reported after a later one; it is kept for the record.
        }
    }
reason-corrected = A report was corrected, so your physio looks at it.
reason-feared-outcome = What you expected did happen, so this session does not count; your physio will talk it through with you.
reason-overdone =
    { $seen ->
        [none] That was more than planned
       *[other] More than planned: { $seen }
    }, so this session does not count.
reason-overdoing =
    { $sessions-in-a-row ->
        [none] Several sessions in a row were
        [one] One session was
       *[other] { $sessions-in-a-row } sessions in a row were
    } early or longer than planned; your physio will talk about the pace with you.
reason-rest-not-met =
    { $rest-ends ->
        [none] Rest comes first{ $outcome ->
            [HOLD] { "" }
           *[other] ; this session came before that was over, so it does not count
        }.
       *[other] { $outcome ->
            [HOLD] Rest comes first; the next session fits from { rest-until } on.
           *[other] Sessions count again from { rest-until } on; this one came before that, so it does not count.
        }
    }
reason-underdone =
    { $seen ->
        [none] That was less than planned
       *[other] Less than planned: { $seen }
    }, so this session does not count.
reason-confidence-missing = How confident you feel about the next session was not said, so this one does not count.
reason-confidence-low =
    Confidence for the next session is { $confidence ->
        [none] still low
       *[other] { $confidence } of 10
    }{ $confidence-limit ->
        [none] { "" }
       *[other] { " " }(from { $confidence-limit } on it counts)
    }; the same rung again makes it familiar.
reason-fear-high =
    { $fear ->
        [none] This rung still feels big
       *[other] You put the unease at { $fear } of 100
    }{ $fear-limit ->
        [none] { "" }
       *[other] { " " }(up to { $fear-limit } it counts)
    }; the same rung again makes it familiar.
reason-confidence-stuck =
    Confidence has not come along for { $sessions-in-a-row ->
        [none] several sessions
        [one] one session
       *[other] { $sessions-in-a-row } sessions
    }; your physio will look for what helps.
reason-readiness-low =
    { $low-date ->
        [none] This is a day to take it easier
       *[other] { $low-date } is a day to take it easier
    }{ $items ->
        [none] { "" }
       *[other] { " " }({ $items } below your usual)
    }{ $sleep-minutes ->
        [none] { "" }
       *[other] { " " }({ DECIMAL($sleep-minutes, per: 60, places: 1) } hours of sleep)
    }{ $readiness-percent ->
        [none] { "" }
       *[other] : { $readiness-percent } % of the rung is plenty
    }. Sessions on such a day keep the rung and do not count towards the next one.
reason-readiness-trend =
    { $low-days-in-a-row ->
        [none] Several days in a row
        [one] One day
       *[other] { $low-days-in-a-row } days in a row
    } felt low, so your physio will get in touch.
reason-deload-week =
    This is a lighter week{ $deload-percent ->
        [none] { "" }
       *[other] : { $deload-percent } % of the rung is plenty
    }. Sessions in it keep the rung and do not count towards the next one.
reason-locked =
    { $outcome ->
        [REPEAT] This part of your plan is not open yet, so the session does not count.
       *[other] This part of your plan is not open yet; it waits for { $track ->
            [none] another part to be far enough.
           *[other] “{ $track }” to be far enough.
        }
    }
reason-moved =
    { $rung ->
        [none] The rung changed after this session was planned
       *[other] The rung changed after this session, which was planned on rung { $rung }
    }, so it does not count.
reason-await-morning =
    { $hours-since-session ->
        [none] That felt as hoped; tomorrow morning's report decides whether it counts.
       *[other] The morning report of the last session comes first; it decides whether that session counts.
    }
reason-too-early =
    The morning report comes on the day after the session{ $hours-since-session-limit ->
        [none] { "" }
       *[other] , { $hours-since-session-limit } hours later at the earliest
    }; this one was too early for it.
reason-unmatched-morning =
    { $ask ->
        [none] This morning follows no session it could answer; it is kept for your physio.
       *[other] This morning follows no session it could answer, but it asked for a little rest; your physio looks at it.
    }
reason-ladder-done =
    { $rung-limit ->
        [none] This is the top
       *[other] Rung { $rung-limit } is the top
    }, and enough sessions there went as hoped.
reason-weekly-cap =
    { $seen ->
        [none] What you did stays counted; the next step up comes a little later.
       *[other] What you did stays counted, but { $seen }.
    }
reason-needs-approval =
    { $target-rung ->
        [none] The next rung comes when your physio has agreed to it.
       *[other] Rung { $target-rung } is next; your physio agrees to it first.
    }
reason-counted =
    { $counted ->
        [none] That went as hoped, and so did the morning.
        [0] { $counted-limit ->
            [none] Sessions that go as hoped, mornings included, lead up from this rung.
            [one] One session that goes as hoped, its morning included, leads up from this rung.
           *[other] { $counted-limit } sessions that go as hoped, mornings included, lead up from this rung.
        }
       *[other] That went as hoped, and so did the morning: { $counted }{ $counted-limit ->
            [none] { " " }on this rung
           *[other] { " " }of { $counted-limit } on this rung
        }{ $contexts ->
            [none] .
           *[other] , in { $contexts }{ $contexts-limit ->
                [none] { "" }
               *[other] { " " }of { $contexts-limit }
            } different settings.
        }
    }
reason-unlocked =
    { $track ->
        [none] What this part of your plan was waiting for is reached.
       *[other] This part of your plan was waiting for “{ $track }”, and that is far enough now.
    }
reason-start =
    { $event-date-limit ->
        [none] Your physio has not started the plan yet.
       *[other] The plan begins on { $event-date-limit }.
    }
reason-pause =
    { $physio-reason ->
        [none] Your physio paused the plan.
       *[other] Your physio paused the plan: { $physio-reason }
    }
reason-resume =
    { $physio-reason ->
        [none] Your physio resumed the plan.
       *[other] Your physio resumed the plan: { $physio-reason }
    }
reason-move-to =
    Your physio moved { $rung ->
        [none] you to another rung
       *[other] { $rung-limit ->
            [none] you to rung { $rung }
           *[other] you from rung { $rung-limit } to rung { $rung }
        }
    }{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-approve =
    Your physio agreed to the next rung{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-decline =
    Your physio would like to see this rung again first{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-amend =
    Your physio changed the plan{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
