<?php
// Reads a calendar on standard input with sabre/vobject, as Nextcloud and Baïkal do, and prints what it understood.
error_reporting(E_ALL & ~E_DEPRECATED);
require 'Sabre/VObject/autoload.php';

function moment($property)
{
    $read = $property->getDateTime();
    return $property->hasTime() ? $read->getTimestamp() : $read->format('Y-m-d');
}

$calendar = Sabre\VObject\Reader::read(stream_get_contents(STDIN));
$found = [];
foreach ($calendar->select('VEVENT') as $event) {
    $found[] = [
        'uid' => (string) $event->UID,
        'starts' => moment($event->DTSTART),
        'ends' => moment($event->DTEND),
    ];
}
echo json_encode($found);
