import { useId } from 'react';

interface ReasonFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength?: number;
}

/** A line that must hold more than blanks, with its label above. */
export const ReasonField = ({ label, value, onChange, maxLength = 500 }: ReasonFieldProps) => {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={value}
        required
        pattern=".*\S.*"
        maxLength={maxLength}
        onChange={({ target }) => onChange(target.value)}
      />
    </>
  );
};
