### Words that the texts of every reader are made of, in English.
###
### $year, $month, $day, $hour, $minute: of a date or an instant; hours and minutes have two digits.
### $first, $second: two entries of a list, or what a list has come to and its next entry.

month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
date = { $day } { month } { $year }
instant = { $day } { month } { $hour }:{ $minute } UTC

list-more = { $first }, { $second }
list-last = { $first } and { $second }
