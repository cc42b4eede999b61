### What a physio reads, in English: the rule, its numbers and limits, and the evidence it rests on.
###
### Every variable may be "none": the measure of that name was not part of the reason. `$rung` is what was observed of the
### measure RUNG, `$rung-limit` what it was held against. Beside the measures there are, for every reason:
###
### $code, $outcome, $ask: names, such as PAIN_RED, STEP_BACK and REVIEW; $ask is none if nobody has to look
### $tier: how soon a red flag is to be looked at: EMERGENCY, SELF_HARM, SAME_DAY or WITHIN_72_HOURS
###
### What was measured need not be said by the reasons: `line` adds it.

## The frame of every reason.

# $rule: the message of the reason. $evidence: what was measured. $rows: the rows of the evidence.
line =
    { $code } → { $outcome }{ $ask ->
        [none] { "" }
        [URGENT] , urgent ask
       *[other] , ask
    }. { $rule }{ $evidence ->
        [none] { "" }
       *[other] { " " }Observed: { $evidence }.
    } Rests on: { $rows }.

# A reason where the rule and its evidence would be too much, such as in a list of athletes.
brief =
    { $code }{ $evidence ->
        [none] .
       *[other] : { $evidence }.
    }

# $measured: what was measured. $limit: what it was held against.
with-limit = { $measured } ({ $limit })
unanswered = not answered
# For measures without words of their own for their limit.
limit = limit { $limit }
# $title of a row, $marks of its sources.
row = { $title } [{ $marks }]

## Headlines. $from and $to are rungs; none where a decision is about the whole plan.

headline-red-flag =
    { $tier ->
        [EMERGENCY] Red flag, emergency: plan paused
        [SELF_HARM] Red flag, statement of self-harm: plan paused
        [WITHIN_72_HOURS] Red flag, look within 72 hours: plan paused
       *[SAME_DAY] Red flag, look today: plan paused
    }
headline-ladder-done = Top of the ladder done: discharge or maintenance is yours to decide
headline-unlocked =
    { $to ->
        [none] Track unlocked
       *[other] Track unlocked at rung { $to }
    }
headline-start =
    { $outcome ->
        [HOLD] Start date set; until then only red flags are judged
       *[other] Plan started
    }
headline-illness =
    { $to ->
        [none] Hold until well
       *[other] Hold at rung { $to } until well
    }
headline-readiness-low = Low readiness: lighter dose today, sessions do not count
headline-await-morning =
    { $to ->
        [none] Hold: session GREEN, next morning pending
       *[other] Hold at rung { $to }: session GREEN, next morning pending
    }
headline-pause =
    { $to ->
        [none] Plan paused until you resume it
       *[other] Plan paused, rung { $from } → { $to }, until you resume it
    }
headline-step-back =
    { $to ->
        [none] Step back
       *[other] Step back, rung { $from } → { $to }
    }
headline-hold =
    { $to ->
        [none] Hold; nothing moves
       *[other] Hold at rung { $to }
    }
headline-repeat =
    { $to ->
        [none] No change
       *[other] Repeat rung { $to }
    }
headline-advance =
    { $to ->
        [none] Advance
       *[other] Advance, rung { $from } → { $to }
    }

## What else follows. $hour and $minute: the time before which no session fits; none if the date alone counts.

next-session =
    Next session not before { date }{ $hour ->
        [none] .
       *[other] , { $hour }:{ $minute } where the athlete is.
    }
asked =
    { $ask ->
        [URGENT] You are asked to look now.
       *[REVIEW] You are asked to look.
    }

## Measures: $value with its unit, and below it the words for its limit.

measure-pain-before = NPRS before { $value }
    .limit = highest not worse { $limit }
measure-pain-during = NPRS during { $value }
    .limit = highest not worse { $limit }
measure-pain-after = NPRS after { $value }
    .limit = highest not worse { $limit }
measure-morning-pain-over-baseline = morning NPRS { $value } over baseline
    .limit = from { $limit }
measure-stiffness-over-baseline = morning stiffness { $value } min over baseline
    .limit = from { $limit } min
measure-altered-gait = altered gait { $value }
    .limit = expected { $limit }
measure-swelling = swelling { $value }
    .limit = not accepted { $limit }
measure-red-flag = red flag { $value }
measure-grade = grade { $value }
    .limit = fires at { $limit }
measure-pause-cause = paused by { $value }
measure-paused-since = paused since { $value }
measure-red-sessions = RED sessions looked at { $value }
    .limit = from { $limit }
measure-stepped-back = stepped back by the session before { $value }
    .limit = fires at { $limit }
measure-not-green-in-a-row = not GREEN in a row { $value }
    .limit = from { $limit }
measure-rung = rung { $value }
    .limit = against { $limit }
measure-target-rung = target rung { $value }
    .limit = lowest { $limit }
measure-session-date = session on { $value }
    .limit = first allowed { $limit }
measure-session-at = session at { $value }
    .limit = first allowed { $limit }
measure-completion = completion { $value } %
    .limit = limit { $limit } %
measure-confidence = confidence { $value } of 10
    .limit = confidence_min { $limit }
measure-fear = fear { $value } of 100
    .limit = fear_max { $limit }
measure-sessions-in-a-row = sessions in a row { $value }
    .limit = from { $limit }
measure-counted = counted { $value }
    .limit = needed { $limit }
measure-contexts = distinct contexts { $value }
    .limit = needed { $limit }
measure-feared-outcome = feared outcome happened { $value }
    .limit = counts at { $limit }
measure-advances-in-7-days = advances within 7 dates { $value }
    .limit = max_advances_per_7_days { $limit }
measure-hours-since-session = { $value } h since the session
    .limit = limit { $limit } h
measure-gap-days = gap { $value } d beyond the usual spacing
    .limit = row from { $limit } d
measure-dose-percent = dose { $value } % of that before the gap
    .limit = row allows { $limit } %
measure-days-without-session = { $value } d without a session
    .limit = from { $limit } d
measure-mornings-missing = mornings missing in a row { $value }
    .limit = from { $limit }
measure-track = track { $value }
measure-track-done = that track done { $value }
    .limit = needed { $limit }
measure-approval-needed = approval needed { $value }
    .limit = free at { $limit }
measure-effective-date = judged from { $value } on
measure-event-date = date { $value }
    .limit = counts from or to { $limit }
measure-physio-reason = written by the physio “{ $value }”
measure-well-from = date { $value }
    .limit = first well day { $limit }
measure-ill-since = ill since { $value }
measure-ill-days = ill for { $value } d
    .limit = from { $limit } d
measure-bad-items = items clearly worse than usual { $value }
    .limit = from { $limit }
measure-item = clearly worse { $value }
measure-sleep-minutes = sleep { $value } min
    .limit = least that is enough { $limit } min
measure-low-date = low on { $value }
measure-low-days-in-a-row = low days in a row { $value }
    .limit = from { $limit }
measure-deload-week = week { $value } of the plan
    .limit = every { $limit } weeks
measure-deload-percent = deload_percent { $value } %
measure-readiness-percent = readiness_percent { $value } %
measure-distance-m = distance { $value } m
    .limit = most that is no spike { $limit } m
measure-longest-m = longest of the 30 days before { $value } m
measure-activity = activity { $value }
measure-corrected-event = corrects check-in { $value }
measure-week-mean-pain = mean morning NPRS of the week { DECIMAL($value, per: 100, places: 2) }
    .limit = week before { DECIMAL($limit, per: 100, places: 2) }
measure-week-mean-stiffness = mean morning stiffness of the week { DECIMAL($value, per: 100, places: 2) } min
    .limit = week before { DECIMAL($limit, per: 100, places: 2) } min
measure-revision = revision { $value }
    .limit = former { $limit }

## Reasons: the rule, in the order of their severity.

reason-red-flag =
    Any red flag on any check-in pauses the plan, and nothing else of that check-in is judged; only a physio resumes. Tier: { $tier ->
        [EMERGENCY] emergency services now
        [SELF_HARM] statement of self-harm, emergency services or crisis line now
        [WITHIN_72_HOURS] a clinician within 72 hours
       *[SAME_DAY] a clinician today
    }.
reason-paused = The plan is paused: recorded, nothing moves; RED asks.
reason-red-again = RED among the two sessions before, or stepped back before this one: the plan pauses, beside the step.
reason-at-bottom =
    { $outcome ->
        [PAUSE] The step asked for lies below rung 0: rung 0, and the plan pauses.
       *[other] Already at rung 0: nothing to step back to.
    }
reason-needs-clearance = Long without any session, START or RESUME: the plan pauses until a physio clears the return.
reason-bone-pain =
    RED under the BONE_STRESS profile: { $outcome ->
        [REPEAT] the session closes uncounted.
        [HOLD] red rest; the rung is at or below the target already.
       *[STEP_BACK] down to min(current rung, rung done) − 1, red rest.
    }
reason-pain-red =
    RED session: { $outcome ->
        [REPEAT] it closes uncounted.
        [HOLD] red rest; the rung is at or below the target already.
       *[STEP_BACK] down to min(current rung, rung done) − 1, red rest.
    }
reason-morning-red = RED morning: the final grade acts as a RED session, less what the session did already; no advance for 7 dates.
reason-unplanned-red = RED after an unplanned activity: every RUNNING track holds with red rest.
reason-other-track-red = RED on a RUNNING track: the other RUNNING tracks hold, rung unchanged.
reason-amber-thrice =
    Third session in a row, or later, that is not GREEN: { $outcome ->
        [REPEAT] no lower rung to go to, or reached already.
       *[other] one rung down, no advance for 7 dates.
    }
reason-spike = Unplanned run over 110 % of the longest of the 30 days before: RUNNING tracks hold, one rest day more than the grade earns.
reason-pain-amber =
    AMBER { $activity ->
        [none] session: repeat, one extra rest day; it closes uncounted.
       *[other] after an unplanned activity: one extra rest day for the RUNNING tracks.
    }
reason-morning-amber = AMBER morning: repeat, rest as after an AMBER session; it closes uncounted.
reason-layoff =
    { $gap-days ->
        [none] A layoff row acted after this session: it closes uncounted.
       *[other] Layoff table, the row of this gap: { $outcome ->
            [STEP_BACK] { layoff-target }
           *[other] { $fits ->
                [no] { layoff-target }
               *[yes] the rung stays
            }
        }, counted = 0; each row acts once per base.
    }
layoff-target =
    { $fits ->
        [no] no rung is within its dose, so rung 0
       *[yes] the largest rung within its dose
    }
reason-morning-missing =
    { $session-date ->
        [none] No morning within morning_window_hours
       *[other] The next session came before any morning
    }: closed uncounted. Missing is never read as good.
reason-silent = Mornings missing in a row: asks once, until the next morning.
reason-illness =
    { $well-from-limit ->
        [none] Ill: every track holds until a wellness check-in without illness.
       *[other] Just well again: holds through the date of the well report.
    }
reason-illness-long = Illness { $ill-days-limit ->
        [none] of 7 days
       *[other] of { $ill-days-limit } days
    } or more: asks once.
reason-weekly-trend = Weekly mean of morning pain rose by at least ½, or of stiffness by 5 min, twice in a row: holds plan-wide and asks; no rung moves.
reason-late =
    { $session-at ->
        [none] { $session-date ->
            [none] Dated before the latest wellness answer: stored, only its flags are judged.
           *[other] Morning for a session that is closed: RED and AMBER act, GREEN changes nothing.
        }
       *[other] { $outcome ->
            [REPEAT] A late RED came in while this session was pending: it closes uncounted.
           *[other] Session before the track's last one: red flags and RED act, else nothing moves.
        }
    }
reason-corrected = A check-in was corrected: a red flag or RED that is new acts as LATE, nothing else moves; always asks.
reason-feared-outcome = The predicted feared outcome happened: the session does not count.
reason-overdone = More than completion_max, or a rung above the current one: does not count.
reason-overdoing = Too early or too much in a row: asks once.
reason-rest-not-met =
    { $outcome ->
        [HOLD] Rest is not over: by date and by instant, both have to be reached.
       *[other] Before the end of rest, by date or by instant: does not count.
    }
reason-underdone = Less than completion_min, or a rung below the current one: does not count.
reason-confidence-missing = Confidence was asked for and not answered: does not count. Missing is never read as high.
reason-confidence-low = Confidence below the policy's least: does not count.
reason-fear-high = Fear above the policy's most: does not count. Not on EXPOSURE tracks, where the prediction has to fail instead.
reason-confidence-stuck = Missing or low confidence or high fear in a row: asks.
reason-readiness-low = Two wellness items clearly worse than the person's own 14-day mean, or little sleep: lighter dose, sessions do not count.
reason-readiness-trend = Low dates in a row: asks.
reason-deload-week = Deload week: lighter dose, sessions do not count.
reason-locked = The prerequisites of the track do not hold: sessions are judged and never count.
reason-moved = The rung changed after the session: it closes uncounted.
reason-await-morning =
    { $hours-since-session ->
        [none] GREEN session: pending, the next morning decides.
       *[other] A session is pending: another one now would close it uncounted.
    }
reason-too-early = A morning on the session's own date, or within 4 hours of it, is no next-morning response: it stays pending.
reason-unmatched-morning =
    { $ask ->
        [none] No session of an earlier date within 7 days: recorded.
       *[other] No session of an earlier date within 7 days, and RED: RUNNING tracks hold with red rest.
    }
reason-ladder-done = Enough counted sessions at the top rung: done, once; the track goes on being judged.
reason-weekly-cap = Enough sessions count, but the cap on advances or a bar on advancing holds by the session's date: counted is kept.
reason-needs-approval = Enough sessions count, and the next rung needs your approval: counted is kept while it waits.
reason-counted =
    { $outcome ->
        [ADVANCE] Session and morning GREEN, no blocker, enough counted: exactly one rung up.
       *[other] Session and morning GREEN, no blocker: counted.
    }
reason-unlocked = The prerequisites hold: the track is ACTIVE at its rung.
reason-start = Before the effective date nothing but red flags is judged.
reason-pause = Paused by a physio: only a RESUME ends it.
reason-resume = Resumed by a physio: pending, grades, streak and counted cleared, not_before kept, layoff counted anew.
reason-move-to = Moved by a physio, an override: counted = 0.
reason-approve = Approved by a physio: exactly one rung up.
reason-decline = Declined by a physio: counted = 0.
reason-amend = Amended by a physio: a new revision, each kept track mapped to a rung.

## What keeps a step up from being approved, to whoever would approve it. Until when is added, where time alone ends it.

bar-paused = The plan is paused by { $pause-cause }: resume it first.
bar-needs-approval = No step up of this track waits for a word: not enough sessions count yet, or the next rung needs no approval.
bar-illness =
    { $well-from-limit ->
        [none] The athlete is ill.
       *[other] The athlete is just well again.
    }
bar-readiness-low = The athlete's readiness is low.
bar-deload-week = This is a deload week.
bar-weekly-cap =
    { $advances-in-7-days ->
        [none] No step up within 7 dates of a RED response, of AMBER for the third time in a row, or of a layoff.
       *[other] Steps up within 7 dates: { $advances-in-7-days }, and the policy allows { $advances-in-7-days-limit }.
    }
bar-locked = The plan has no such track.

## Rows of the evidence: title and claim.

row-red-flag-tiers = Red flags by tier
    .claim = Any red flag pauses and alerts: emergency services, a clinician the same day, or within 24 to 72 hours.
row-traffic-light = Pain bands by tissue
    .claim = Commonest bands 0–3, 4–5, 6–10; the edges differ by tissue; total integer intervals, so that none falls between.
row-tendon = Tendon bands
    .claim = Green 0–3 and amber 4–5 with the baseline reached by morning; red from 6, or a morning of +2.
row-bone-stress = Bone stress bands
    .claim = Running is expected without any pain: no amber; consistent focal pain is red. Rest until it is gone, restart lower.
row-joint = Patellofemoral and joint bands
    .claim = Green 0–2 and back to the pre-run level within 60 minutes, amber 3, red from 4 or with more effusion.
row-mtss = MTSS bands
    .claim = Green 0–2, amber 3–4, red from 5.
row-muscle = Muscle strain bands
    .claim = Green 0–2, amber 3–4, red from 5 or sudden. Rehabilitation to a pain threshold against pain-free: 17 against 15 days, two reinjuries each.
row-post-op-knee = Post-operative knee bands
    .claim = Green 0–1 with trace effusion at most, amber 2, red from 3 or with effusion of 2+.
row-unspecified = Bands without a tissue profile
    .claim = Green 0–2, amber 3–4, red from 5.
row-morning-response = Next-morning response
    .claim = A change of 1 point on the NPRS is the least that is noticed: +1 over baseline by the next morning is amber, +2 is red.
row-morning-gate = The next morning decides
    .claim = Soreness beyond an hour or on the next day bars advancing; a session counts when the baseline is reached by morning.
row-two-reds = Two reds
    .claim = Triage order: red flag, two reds, a trend or worse mornings, silence. Pain back again: rest until it is gone, restart lower.
row-long-gap = Re-entry after a gap
    .claim = Rows and percentages of the layoff table, and the clearance after 42 days; no trial was found.
row-one-ladder = One ladder at a time
    .claim = Volume before intensity, one ladder at a time; the published protocols disagree on which comes first.
row-stuck = Stuck after three
    .claim = Symptoms mean staying; three repeats without progress are worth a look, and a lower rung.
row-spike = Session spike
    .claim = 588,071 sessions of 5,205 runners: over 10 % above the longest of the prior 30 days, the hazard ratio is 1.64 (1.31–2.05). Capped at 1.10 once three runs are logged.
row-gaps = Gaps in the answers
    .claim = Only 37 % of runners completed three quarters of daily surveys: design for gaps, never impute.
row-silence = Silence
    .claim = Clinicians act on two or more consecutive missed days, on pain rising over several days, and on a week of silence.
row-week-to-week = Week to week
    .claim = Pain and stiffness may not rise from week to week.
row-illness = Illness
    .claim = Fever or systemic illness: hold until well.
row-readiness = Readiness scales the dose
    .claim = Self-report tracks load better than objective markers, single items only weakly: readiness scales today's dose, not the rung.
row-expectation = Predict, then compare
    .claim = A fear rung passes when it is fully done, the tissue is green and the prediction is not confirmed, in two contexts; fear need not fall first.
row-fear = Fear by steps
    .claim = Hierarchies start at 25 to 45 SUDS with gaps of at most 10 to 15; the limit of 69 is a default.
row-confidence = Confidence to go on
    .claim = Below 7 of 10 is a reason to solve problems first.
row-adherence = Prescribed against done
    .claim = 80 to 99 % of what was prescribed is the commonest band called satisfactory; above 110 % is reported too.
row-rest-days = Rest between runs
    .claim = At least one rest day between runs, never on consecutive days.
row-successes = Each phase more than once
    .claim = Each phase is done at least twice before the next.
row-weekly-cap = Two steps a week
    .claim = At most two levels in seven days, none skipped.
row-deload = Lighter weeks
    .claim = Every third or fourth week lighter; custom, no trial was found.
row-physio-decides = The physio decides
    .claim = Software that monitors and affects treatment may be a device: the physio stays in charge, and the rules can be inspected.
row-records = Full records
    .claim = Full, clear, accurate and prompt records that evidence decisions.

source-proposal = proposal of this project; needs a physio's sign-off
