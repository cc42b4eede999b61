### Wörter, aus denen die Texte aller bestehen, auf Deutsch. Die Variablen erklärt en/word.ftl.

month =
    { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
    }
date = { $day }. { month } { $year }
instant = { $day }. { month }, { $hour }:{ $minute } Uhr (UTC)

list-more = { $first }, { $second }
list-last = { $first } und { $second }
