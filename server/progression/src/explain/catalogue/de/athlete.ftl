### Was Sportlerinnen und Sportler lesen, auf Deutsch: einfach, freundlich, per du. Die Variablen erklärt en/athlete.ftl.

## Überschriften.

headline-red-flag =
    { $tier ->
        [EMERGENCY] Hör hier auf und ruf jetzt den Notruf an
        [SELF_HARM] Hör hier auf und hol dir jetzt Hilfe
        [WITHIN_72_HOURS] Pausiere und lass das in den nächsten drei Tagen anschauen
       *[SAME_DAY] Pausiere und lass das heute noch anschauen
    }
headline-ladder-done = Das obere Ende dieser Leiter ist erreicht
headline-unlocked =
    { $to ->
        [none] Dieser Teil deines Plans ist jetzt offen
       *[other] Dieser Teil deines Plans ist jetzt offen: Beginne auf Stufe { $to }
    }
headline-start =
    { $outcome ->
        [HOLD] Der Plan hat einen Starttag
       *[other] Der Plan hat begonnen
    }
headline-illness = Werde erst gesund; der Plan wartet auf dich
headline-readiness-low = Lass es heute ruhiger angehen
headline-await-morning = Gut gemacht; schau, wie der Morgen ist
headline-pause =
    { $to ->
        [none] Pausiere und sprich mit deiner Physiotherapie
       *[other] Pausiere auf Stufe { $to } und sprich mit deiner Physiotherapie
    }
headline-step-back =
    { $to ->
        [none] Geh zurück
       *[other] Geh zurück auf Stufe { $to }
    }
headline-hold =
    { $to ->
        [none] { $ask ->
            [none] Danke; vorerst bewegt sich nichts
           *[other] Deine Physiotherapie schaut das mit dir an
        }
       *[other] Warte auf Stufe { $to }
    }
headline-repeat =
    { $to ->
        [none] Mach weiter wie bisher
       *[other] Bleib auf Stufe { $to }
    }
headline-advance =
    { $to ->
        [none] Geh weiter hinauf
       *[other] Geh hinauf auf Stufe { $to }
    }

## Was sonst folgt. Die Variablen erklärt en/athlete.ftl.

next-session =
    Die nächste Einheit passt ab dem { date }{ $hour ->
        [none] .
       *[other] , { $hour }:{ $minute } Uhr.
    }
asked =
    { $ask ->
        [URGENT] Deine Physio ist gebeten, jetzt darauf zu schauen.
       *[REVIEW] Deine Physio ist gebeten, darauf zu schauen.
    }

## Was geantwortet oder getan wurde, als Teil eines Satzes.

clause-pain-before = der Schmerz davor war { $value } (die Grenze ist { $limit })
clause-pain-during = der Schmerz dabei war { $value } (die Grenze ist { $limit })
clause-pain-after = der Schmerz danach war { $value } (die Grenze ist { $limit })
clause-morning-pain-over-baseline = der Schmerz lag { $value } über dem Üblichen (es soll unter { $limit } bleiben)
clause-stiffness-over-baseline =
    die Steifheit lag { $value ->
        [one] eine Minute
       *[other] { $value } Minuten
    } über dem Üblichen (es soll unter { $limit } bleiben)
clause-altered-gait =
    { $value ->
        [yes] die Art, dich zu bewegen, war anders
       *[no] { "" }
    }
clause-swelling =
    { $value ->
        [INCREASED] die Schwellung war größer
       *[other] { "" }
    }
clause-completion =
    { $value } % vom Geplanten { $code ->
        [UNDERDONE] (ab { $limit } % zählt es)
       *[other] (bis { $limit } % ist in Ordnung)
    }
clause-rung = Stufe { $value }, wo Stufe { $limit } geplant war
clause-advances-in-7-days =
    in 7 Tagen ging es { $value ->
        [one] schon einmal
       *[other] schon { $value }-mal
    } hinauf, und der Plan hat Platz für { $limit ->
        [one] einmal
       *[other] { $limit }-mal
    }
clause-session-date = Einheiten führen ab dem { $limit } wieder hinauf

## Was deutlich tiefer war als sonst, als Teil eines Satzes.

item-sleep = Schlaf
item-energy = Energie
item-calm = Ruhe
item-mood = Stimmung
item-freshness = Frische
item-fuelling = Essen und Trinken

## Anfänge, die mehrere Texte teilen.

opening =
    { $seen ->
        [none] Die Antwort des Körpers war mehr als erhofft
       *[other] { CAPITAL($seen) }
    }
morning-after =
    Der Morgen danach: { $seen ->
        [none] Die Antwort des Körpers war mehr als erhofft
       *[other] { CAPITAL($seen) }
    }.
beside-the-plan =
    { $activity ->
        [RUN] Ein Lauf neben dem Plan
       *[other] Eine Aktivität neben dem Plan
    }: { $seen ->
        [none] Die Antwort des Körpers war mehr als erhofft
       *[other] { CAPITAL($seen) }
    }.
rest-until =
    { $rest-ends ->
        [AT_HOUR] { $session-at-limit }
       *[ON_DATE] { $session-date-limit }
    }

## Gründe, der dringendste zuerst.

reason-red-flag =
    Du hast ein Zeichen gemeldet, das jemand vom Fach vor der nächsten Einheit anschauen soll. { $tier ->
        [EMERGENCY] Ruf jetzt den Notruf an, oder lass jemanden anrufen.
        [SELF_HARM] Bleib damit bitte nicht allein: Ruf jetzt den Notruf oder eine Krisenhilfe an, oder bitte jemanden, es mit dir zu tun.
        [WITHIN_72_HOURS] Lass dich bitte in den nächsten drei Tagen ärztlich oder in deiner Physiotherapie anschauen.
       *[SAME_DAY] Lass dich bitte heute noch ärztlich oder in deiner Physiotherapie anschauen.
    }
reason-paused =
    { $paused-since ->
        [none] Der Plan pausiert
       *[other] Der Plan pausiert seit dem { $paused-since }
    }; deine Physiotherapie sagt dir, wie es weitergeht.
reason-red-again = Der Körper wollte in wenigen Einheiten zweimal weniger; darum pausiert der Plan, bis du mit deiner Physiotherapie gesprochen hast.
reason-at-bottom = Das ist schon die erste Stufe; darum schaut deine Physiotherapie den nächsten Schritt mit dir an.
reason-needs-clearance =
    Seit der letzten Einheit { $days-without-session ->
        [none] ist viel Zeit
        [one] ist ein Tag
       *[other] sind { $days-without-session } Tage
    } vergangen{ $days-without-session-limit ->
        [none] { "" }
       *[other] { " " }(ab { $days-without-session-limit } ist das immer so)
    }; darum schaut zuerst deine Physiotherapie.
reason-bone-pain =
    { $outcome ->
        [REPEAT] { opening }; darum zählt diese Einheit nicht.
        [HOLD] { opening }. Der Knochen braucht Einheiten ohne Schmerz; darum erst etwas Ruhe. Die Stufe ist schon tief genug.
       *[STEP_BACK] { opening }. Der Knochen braucht Einheiten ohne Schmerz; darum eine Stufe tiefer und etwas Ruhe.
    }
reason-pain-red =
    { $outcome ->
        [REPEAT] { opening }; darum zählt diese Einheit nicht.
        [HOLD] { opening }; darum erst etwas Ruhe. Die Stufe ist schon tief genug.
       *[STEP_BACK] { opening }; darum eine Stufe tiefer, dorthin, wo es sich sicher anfühlte.
    }
reason-morning-red = { morning-after } Das war mehr, als der Körper wollte.
reason-unplanned-red = { beside-the-plan } Die Laufteile deines Plans warten, bis sich das beruhigt hat.
reason-other-track-red =
    { $track ->
        [none] Ein anderer Laufteil deines Plans braucht Ruhe; darum wartet auch dieser.
       *[other] „{ $track }“ braucht Ruhe; darum wartet auch dieser Teil deines Plans.
    }
reason-amber-thrice =
    { $not-green-in-a-row ->
        [none] Mehrere Einheiten hintereinander waren
        [one] Eine Einheit war
       *[other] { $not-green-in-a-row } Einheiten hintereinander waren
    } ein wenig zu viel{ $not-green-in-a-row-limit ->
        [none] { "" }
       *[other] { " " }(ab { $not-green-in-a-row-limit } geht der Plan tiefer, wo er kann)
    }{ $outcome ->
        [REPEAT] ; die Stufe ist schon tief genug.
       *[other] ; eine tiefere Stufe gibt Raum, zur Ruhe zu kommen.
    }
reason-spike =
    { $distance-m ->
        [none] Dieser Lauf war viel länger als alle der letzten 30 Tage
       *[other] Dieser Lauf war { DECIMAL($distance-m, per: 1000, places: 1) } km lang{ $longest-m ->
            [none] , viel länger als alle der letzten 30 Tage
           *[other] ; der längste der 30 Tage davor war { DECIMAL($longest-m, per: 1000, places: 1) } km
        }
    }; darum ein Ruhetag mehr.
reason-pain-amber =
    { $activity ->
        [none] { opening }; darum ein Ruhetag mehr, und diese Einheit zählt nicht.
       *[other] { beside-the-plan } Darum ein Ruhetag mehr.
    }
reason-morning-amber = { morning-after } Etwas mehr Ruhe, und die Einheit zählt nicht.
reason-layoff =
    { $gap-days ->
        [none] Nach dieser Einheit kam eine Pause; darum zählt sie nicht.
       *[other] { $event-date-limit ->
            [none] Es gab eine Pause, { layoff-gap }; darum { layoff-step }.
           *[other] Es gab eine Pause. Bis zum { $event-date-limit }, als deine Physiotherapie schauen sollte, war sie { layoff-gap }; darum { layoff-step }.
        }
    }
layoff-gap =
    { $gap-days ->
        [one] einen Tag
       *[other] { $gap-days } Tage
    } länger als der übliche Abstand
layoff-step =
    { $outcome ->
        [STEP_BACK] { $fits ->
            [yes] fällt der Wiedereinstieg mit höchstens { $dose-percent-limit } % der letzten Menge leichter
           *[no] fällt der Wiedereinstieg auf der ersten Stufe leichter
        }
       *[other] wird auf derselben Stufe neu gezählt
    }
reason-morning-missing =
    { $session-date ->
        [none] Es kam { $hours-since-session-limit ->
            [none] keine Morgenmeldung
           *[other] innerhalb von { $hours-since-session-limit } Stunden keine Morgenmeldung
        }; darum zählt diese Einheit nicht.
       *[other] Vor ihrer Morgenmeldung kam schon die nächste Einheit; darum zählt sie nicht.
    }
reason-silent =
    { $mornings-missing ->
        [none] Einige Morgen hintereinander fehlen
        [one] Ein Morgen fehlt
       *[other] { $mornings-missing } Morgen hintereinander fehlen
    }; deine Physiotherapie fragt nach, wie es geht.
reason-illness =
    { $well-from-limit ->
        [none] Werde erst gesund; der Plan wartet auf dich.
       *[other] Du bist gerade erst wieder gesund: Einheiten führen ab dem { $well-from-limit } wieder hinauf. Der Plan wartet auf dich.
    }
reason-illness-long =
    Du bist seit { $ill-days ->
        [none] einer Woche
        [one] einem Tag
       *[other] { $ill-days } Tagen
    } krank; darum meldet sich deine Physiotherapie.
reason-weekly-trend = Die Morgen sind über drei Wochen etwas mühsamer geworden; darum schaut deine Physiotherapie den Plan an.
reason-late =
    { $session-at ->
        [none] { $session-date ->
            [none] Diese Meldung gehört zu einem früheren Tag als die letzte; sie bleibt für die Akte.
           *[other] { $outcome ->
                [HOLD] Die Einheit vom { $session-date } war schon abgeschlossen, als dieser Morgen kam; darum ändert er nichts.
               *[other] Die Einheit vom { $session-date } war schon abgeschlossen, als dieser Morgen kam; sie zählt nicht mehr.
            }
        }
       *[other] { $outcome ->
            [REPEAT] Eine frühere Einheit wurde nach dieser gemeldet und braucht Ruhe; darum zählt diese nicht.
           *[other] Diese Einheit wurde nach einer späteren gemeldet; sie bleibt für die Akte.
        }
    }
reason-corrected = Eine Meldung wurde berichtigt; darum schaut deine Physiotherapie sie an.
reason-feared-outcome = Was du erwartet hast, ist eingetreten; darum zählt diese Einheit nicht. Deine Physiotherapie spricht es mit dir durch.
reason-overdone =
    { $seen ->
        [none] Das war mehr als geplant
       *[other] Mehr als geplant: { $seen }
    }; darum zählt diese Einheit nicht.
reason-overdoing =
    { $sessions-in-a-row ->
        [none] Mehrere Einheiten hintereinander waren
        [one] Eine Einheit war
       *[other] { $sessions-in-a-row } Einheiten hintereinander waren
    } früher oder länger als geplant; deine Physiotherapie spricht mit dir über das Tempo.
reason-rest-not-met =
    { $rest-ends ->
        [none] Erst kommt die Ruhe{ $outcome ->
            [HOLD] { "" }
           *[other] ; diese Einheit kam, bevor sie vorbei war, darum zählt sie nicht
        }.
       *[other] { $outcome ->
            [HOLD] Erst kommt die Ruhe; die nächste Einheit passt ab dem { rest-until }.
           *[other] Einheiten zählen wieder ab dem { rest-until }; diese kam davor, darum zählt sie nicht.
        }
    }
reason-underdone =
    { $seen ->
        [none] Das war weniger als geplant
       *[other] Weniger als geplant: { $seen }
    }; darum zählt diese Einheit nicht.
reason-confidence-missing = Wie zuversichtlich du auf die nächste Einheit schaust, wurde nicht gesagt; darum zählt diese nicht.
reason-confidence-low =
    Die Zuversicht für die nächste Einheit ist { $confidence ->
        [none] noch klein
       *[other] { $confidence } von 10
    }{ $confidence-limit ->
        [none] { "" }
       *[other] { " " }(ab { $confidence-limit } zählt es)
    }; dieselbe Stufe noch einmal macht sie vertraut.
reason-fear-high =
    { $fear ->
        [none] Diese Stufe fühlt sich noch groß an
       *[other] Das mulmige Gefühl lag bei { $fear } von 100
    }{ $fear-limit ->
        [none] { "" }
       *[other] { " " }(bis { $fear-limit } zählt es)
    }; dieselbe Stufe noch einmal macht sie vertraut.
reason-confidence-stuck =
    Die Zuversicht ist seit { $sessions-in-a-row ->
        [none] mehreren Einheiten
        [one] einer Einheit
       *[other] { $sessions-in-a-row } Einheiten
    } nicht gewachsen; deine Physiotherapie sucht mit dir, was hilft.
reason-readiness-low =
    { $low-date ->
        [none] Das ist ein Tag, um es ruhiger anzugehen
       *[other] Der { $low-date } ist ein Tag, um es ruhiger anzugehen
    }{ $items ->
        [none] { "" }
       *[other] { " " }({ $items } unter deinem Üblichen)
    }{ $sleep-minutes ->
        [none] { "" }
       *[other] { " " }({ DECIMAL($sleep-minutes, per: 60, places: 1) } Stunden Schlaf)
    }{ $readiness-percent ->
        [none] { "" }
       *[other] : { $readiness-percent } % der Stufe sind genug
    }. Einheiten an so einem Tag halten die Stufe und zählen nicht für die nächste.
reason-readiness-trend =
    { $low-days-in-a-row ->
        [none] Mehrere Tage hintereinander waren
        [one] Ein Tag war
       *[other] { $low-days-in-a-row } Tage hintereinander waren
    } mühsam; darum meldet sich deine Physiotherapie.
reason-deload-week =
    Das ist eine leichtere Woche{ $deload-percent ->
        [none] { "" }
       *[other] : { $deload-percent } % der Stufe sind genug
    }. Einheiten in ihr halten die Stufe und zählen nicht für die nächste.
reason-locked =
    { $outcome ->
        [REPEAT] Dieser Teil deines Plans ist noch nicht offen; darum zählt die Einheit nicht.
       *[other] Dieser Teil deines Plans ist noch nicht offen; er wartet, bis { $track ->
            [none] ein anderer Teil weit genug ist.
           *[other] „{ $track }“ weit genug ist.
        }
    }
reason-moved =
    { $rung ->
        [none] Die Stufe hat sich nach dieser Einheit geändert
       *[other] Die Stufe hat sich nach dieser Einheit geändert, die für Stufe { $rung } geplant war
    }; darum zählt sie nicht.
reason-await-morning =
    { $hours-since-session ->
        [none] Das lief wie erhofft; die Meldung von morgen früh entscheidet, ob es zählt.
       *[other] Erst kommt die Morgenmeldung der letzten Einheit; sie entscheidet, ob diese zählt.
    }
reason-too-early =
    Die Morgenmeldung kommt am Tag nach der Einheit{ $hours-since-session-limit ->
        [none] { "" }
       *[other] , frühestens { $hours-since-session-limit } Stunden später
    }; für diese war es noch zu früh.
reason-unmatched-morning =
    { $ask ->
        [none] Dieser Morgen folgt auf keine Einheit, zu der er gehören könnte; er bleibt für deine Physiotherapie.
       *[other] Dieser Morgen folgt auf keine Einheit, zu der er gehören könnte, doch er braucht etwas Ruhe; deine Physiotherapie schaut ihn an.
    }
reason-ladder-done =
    { $rung-limit ->
        [none] Höher geht diese Leiter nicht
       *[other] Stufe { $rung-limit } ist die höchste
    }, und genug Einheiten dort liefen wie erhofft.
reason-weekly-cap =
    { $seen ->
        [none] Was du getan hast, bleibt gezählt; der nächste Schritt hinauf kommt etwas später.
       *[other] Was du getan hast, bleibt gezählt, aber { $seen }.
    }
reason-needs-approval =
    { $target-rung ->
        [none] Die nächste Stufe kommt, wenn deine Physiotherapie zugestimmt hat.
       *[other] Stufe { $target-rung } kommt als Nächstes, wenn deine Physiotherapie zugestimmt hat.
    }
reason-counted =
    { $counted ->
        [none] Das lief wie erhofft, und der Morgen auch.
        [0] { $counted-limit ->
            [none] Einheiten, die mit ihrem Morgen wie erhofft laufen, führen von dieser Stufe hinauf.
            [one] Eine Einheit, die mit ihrem Morgen wie erhofft läuft, führt von dieser Stufe hinauf.
           *[other] { $counted-limit } Einheiten, die mit ihrem Morgen wie erhofft laufen, führen von dieser Stufe hinauf.
        }
       *[other] Das lief wie erhofft, und der Morgen auch: { $counted }{ $counted-limit ->
            [none] { " " }auf dieser Stufe
           *[other] { " " }von { $counted-limit } auf dieser Stufe
        }{ $contexts ->
            [none] .
           *[other] , in { $contexts }{ $contexts-limit ->
                [none] { "" }
               *[other] { " " }von { $contexts-limit }
            } verschiedenen Umgebungen.
        }
    }
reason-unlocked =
    { $track ->
        [none] Worauf dieser Teil deines Plans gewartet hat, ist erreicht.
       *[other] Dieser Teil deines Plans hat auf „{ $track }“ gewartet, und das ist jetzt weit genug.
    }
reason-start =
    { $event-date-limit ->
        [none] Deine Physiotherapie hat den Plan noch nicht begonnen.
       *[other] Der Plan beginnt am { $event-date-limit }.
    }
reason-pause =
    Deine Physiotherapie hat den Plan pausiert{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-resume =
    Deine Physiotherapie hat den Plan wieder aufgenommen{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-move-to =
    Deine Physiotherapie hat dich { $rung ->
        [none] auf eine andere Stufe
       *[other] { $rung-limit ->
            [none] auf Stufe { $rung }
           *[other] von Stufe { $rung-limit } auf Stufe { $rung }
        }
    } gesetzt{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-approve =
    Deine Physiotherapie hat der nächsten Stufe zugestimmt{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-decline =
    Deine Physiotherapie möchte diese Stufe erst noch einmal sehen{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
reason-amend =
    Deine Physiotherapie hat den Plan geändert{ $physio-reason ->
        [none] .
       *[other] : { $physio-reason }
    }
