#!/bin/sh
# A registration in three calls, with curl alone:
#
#   PHONE=081200000001 NAME='Budi Santoso' EMAIL=budi@example.com examples/register.sh
#
# The code is read from standard input, or from OTP if one was asked for already (then none is asked for).
# ADDRESS, CITY, PACKAGE_ID and API have defaults. Ends with 0 and the registration number, or 1 and what was refused.
set -eu

API=${API:-http://localhost:3001}/api/registrations/public
PHONE=${PHONE:?the phone, like 081200000001}
NAME=${NAME:?the full name}
EMAIL=${EMAIL:?the email}
ADDRESS=${ADDRESS:-Jl. Mawar No. 12 RT 01/02}
CITY=${CITY:-Bandung}
PACKAGE_ID=${PACKAGE_ID:-1}

# "text" as JSON.
json() {
  printf '"%s"' "$(printf %s "$1" | tr -d '\000-\037' | sed 's/[\\"]/\\&/g')"
}

# call PATH BODY: the answer; a refusal is shown and ends the script.
call() {
  answer=$(curl --silent --show-error --max-time 30 "$API$1" \
    -H 'Content-Type: application/json' ${TOKEN:+-H "Authorization: Bearer $TOKEN"} -d "$2")
  case $answer in
    '{"success":true'*) printf '%s' "$answer" ;;
    *) printf '%s\n' "$answer" >&2; exit 1 ;;
  esac
}

# field NAME ANSWER: a text of the answer's data.
field() {
  printf '%s' "$2" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

# 1. A code, sent by WhatsApp.
if [ -z "${OTP:-}" ]; then
  call /request-otp "{\"phone\":$(json "$PHONE"),\"full_name\":$(json "$NAME")}" >/dev/null
  printf 'Kode OTP: ' >&2
  read -r OTP
fi

# 2. The code proves the number.
verified=$(call /verify-otp "{\"phone\":$(json "$PHONE"),\"otp\":$(json "$OTP")}")
TOKEN=$(field verification_token "$verified")

# 3. The registration. The same proof again would return the same one.
registered=$(call '' "{\"phone\":$(json "$PHONE"),\"full_name\":$(json "$NAME"),\"email\":$(json "$EMAIL"),
  \"address\":$(json "$ADDRESS"),\"city\":$(json "$CITY"),\"package_id\":$(json "$PACKAGE_ID")}")
printf '%s\n' "$(field registration_number "$registered")"
